import { AwsError } from '../error.ts';
import { childrenOf, type Element, textOf, type XmlValue } from '../xml.ts';

export type Destination = {
  readonly kind: 'Queue' | 'Topic';
  readonly id: string;
  readonly arn: string;
  /** `s3:ObjectCreated:*`, … */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
};

/** Where a bucket sends word of its changes. */
export type NotificationConfiguration = {
  readonly destinations: readonly Destination[];
  readonly isEventBridgeOn: boolean;
};

export const NO_NOTIFICATIONS: NotificationConfiguration = { destinations: [], isEventBridgeOn: false };

const KINDS = ['Queue', 'Topic'] as const;

export function readConfiguration(root: Element): NotificationConfiguration {
  const destinations = KINDS.flatMap(kind =>
    childrenOf(root, `${kind}Configuration`).map((element): Destination => {
      const filter = childrenOf(element, 'Filter').flatMap(one => childrenOf(one, 'S3Key'))[0];
      const rules = filter ? childrenOf(filter, 'FilterRule') : [];
      const rule = (name: string) =>
        rules.flatMap(one =>
          textOf(one, 'Name')?.toLowerCase() === name ? (textOf(one, 'Value') ?? '') : [],
        )[0] ?? '';
      return {
        kind,
        id: textOf(element, 'Id') ?? crypto.randomUUID(),
        arn: textOf(element, kind) ?? '',
        events: childrenOf(element, 'Event').map(event => event.text),
        prefix: rule('prefix'),
        suffix: rule('suffix'),
      };
    }),
  );
  refuseOverlap(destinations);
  return { destinations, isEventBridgeOn: childrenOf(root, 'EventBridgeConfiguration').length > 0 };
}

export function writeConfiguration({ destinations, isEventBridgeOn }: NotificationConfiguration): XmlValue {
  const of = (kind: Destination['kind']): XmlValue[] =>
    destinations
      .filter(one => one.kind === kind)
      .map(one => ({
        Id: one.id,
        [kind]: one.arn,
        Event: one.events,
        Filter: filterOf(one),
      }));
  return {
    TopicConfiguration: of('Topic'),
    QueueConfiguration: of('Queue'),
    EventBridgeConfiguration: isEventBridgeOn ? '' : undefined,
  };
}

function filterOf({ prefix, suffix }: Destination): XmlValue {
  const rules = [
    { Name: 'Prefix', Value: prefix },
    { Name: 'Suffix', Value: suffix },
  ].filter(rule => rule.Value !== '');
  return rules.length > 0 ? { S3Key: { FilterRule: rules } } : undefined;
}

/** Two destinations may not both get the same event of the same key. */
function refuseOverlap(destinations: readonly Destination[]): void {
  for (const [at, one] of destinations.entries()) {
    for (const other of destinations.slice(at + 1)) {
      const doEventsMeet = one.events.some(a => other.events.some(b => doesCover(a, b) || doesCover(b, a)));
      const doPrefixesMeet = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
      const doSuffixesMeet = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
      if (!doEventsMeet || !doPrefixesMeet || !doSuffixesMeet) continue;
      throw new AwsError(
        400,
        'InvalidArgument',
        'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
      );
    }
  }
}

export function doesCover(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event;
}
