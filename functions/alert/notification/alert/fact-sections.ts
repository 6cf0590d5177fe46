import { filled } from '../guide/fill-guide.ts';
import { actOf, sha256Of } from '../queries/event-act.ts';
import { eventTexts } from '../text/event-texts.ts';
import { code, data, duration, hostDatum, joined, moment, type Text } from '../text/text.ts';
import { accountOf, ownerOf } from './persons.ts';
import { virusTotal } from './questions.ts';
import type { RenderContext } from './render-context.ts';
import { type Row, type Section, textBlock } from './section.ts';
import { indicatorText } from './why-section.ts';

/** Longest string shown whole; `values` cuts it so that the message fits. */
const LONGEST_DATA = { whole: 4096, cut: 256 } as const;
const MOST_STRINGS = 20;
const MOST_ADDRESSES = 20;

/** Everything the event says, in more detail than fits the first screen. */
export function factsSection(context: RenderContext): Section {
  const { alert, cuts, words } = context;
  const { label, say } = words;
  const { facts, location, payload } = alert;
  const { registry, service, owner } = facts;
  const most = LONGEST_DATA[cuts.has('values') ? 'cut' : 'whole'];
  const short = Math.min(most, 1024);
  const type = registry.type === null ? say('written.type-unknown') : [data(registry.type, 40)];
  const name = registry.value === '' ? say('written.default-value') : [data(registry.value, short)];
  const key = registry.hive === '' ? registry.key : `${registry.hive}\\${registry.key}`;
  const account = accountOf(alert.event);
  const shown = cuts.has('values') ? 3 : MOST_STRINGS;
  const isRegistry = actOf(alert) === null;
  const written: readonly Row[] = [
    { label: label('written.key'), text: [data(key, short)] },
    { label: label('written.value'), text: say('written.value-of-type', { name, type }) },
    ...listRow(
      'written.data',
      registry.data,
      string => (string === '' ? say('data.empty') : [data(string, most)]),
      shown,
    ),
    ...listRow('written.runs', payload.commands, commandText, 8),
    ...listRow('label.decoded', payload.decoded, ({ text }) => [data(text, most)], shown),
    ...listRow('written.addresses', payload.addresses, ({ text }) => [data(text, 256)], MOST_ADDRESSES),
  ];
  const rows: readonly Row[] = [
    ...investigationRows(context, short),
    ...timeRows(context),
    ...(isRegistry ? written : []),
    ...indicatorRows(context),
    ...hashRows(context),
    ...(owner.kind === 'machine' ? [] : [{ label: label('written.owner'), text: ownerOf(context) }]),
    ...(account === null ? [] : [{ label: label('written.account'), text: [data(account, 256)] }]),
    ...(service === null ? [] : [{ label: label('written.service'), text: [data(service)] }]),
    ...(location === null
      ? []
      : [{ label: 'ATT&CK', text: [code(location.technique.id), ` ${location.technique.name}`] }]),
    { label: label('rule.digest'), text: [code(alert.rule.digest)] },
  ];
  return {
    name: 'facts',
    heading: label('section.facts'),
    blocks: [
      { kind: 'rows', rows },
      { kind: 'list', items: notesOf(context) },
    ],
  };

  function commandText({
    kind,
    path,
    arguments: rest,
    library,
    export: name,
  }: (typeof payload.commands)[number]): Text {
    const called =
      library === null || kind !== 'process'
        ? []
        : say('written.calls', { library: data(library, 256), name: data(name ?? '', 80) });
    return [data(path, 512), ...(rest === '' ? [] : [' ', data(rest, 512)]), ...called];
  }

  function listRow<T>(
    name: 'written.data' | 'written.runs' | 'label.decoded' | 'written.addresses',
    items: readonly T[],
    textOf: (item: T) => Text,
    atMost: number,
  ): readonly Row[] {
    const [first, ...more] = items.slice(0, atMost).map(textOf);
    const left = items.length - atMost;
    if (first === undefined) return [];
    return [
      {
        label: label(name),
        text: first,
        more: left > 0 ? [...more, say('data.more', { count: left })] : more,
      },
    ];
  }
}

/** The fields that the rule shows first, in its order; those missing in the event share one row. */
function investigationRows({ alert, words }: RenderContext, most: number): readonly Row[] {
  const found = alert.rule.investigationFields.map(
    field => [field, eventTexts(alert.event, field).slice(0, MOST_STRINGS)] as const,
  );
  const absent = found.filter(([, texts]) => texts.length === 0).map(([field]): Text => [code(field)]);
  return [
    ...found.flatMap(([field, [first, ...more]]): readonly Row[] =>
      first === undefined
        ? []
        : [{ label: field, text: [data(first, most)], more: more.map(text => [data(text, most)]) }],
    ),
    ...(absent.length === 0
      ? []
      : [{ label: words.label('when.unknown'), text: joined(absent, words.comma) }]),
  ];
}

/** Every indicator that fired; the first screen has room for the strongest alone. */
function indicatorRows({ alert: { assessment }, words }: RenderContext): readonly Row[] {
  const [first, ...more] = assessment.indicators.map(indicator => indicatorText(indicator, words.locale));
  return first === undefined ? [] : [{ label: words.label('written.indicators'), text: first, more }];
}

/** Hashes of the event, each with its page at VirusTotal. */
function hashRows({ alert: { event } }: RenderContext): readonly Row[] {
  return ['process', 'dll', 'file'].flatMap(prefix => {
    const field = `${prefix}.hash.sha256`;
    const sha256 = sha256Of(eventTexts(event, field)[0] ?? null);
    return sha256 === null ? [] : [{ label: field, text: [code(sha256)], more: [[virusTotal(sha256)]] }];
  });
}

function timeRows({ alert: { facts, lag, evidence, rule }, words }: RenderContext): readonly Row[] {
  const { label, locale, say } = words;
  const { timestamp, timestampMs } = facts;
  const at =
    timestampMs === null
      ? say(timestamp === null ? 'when.unknown' : 'when.unreadable', { text: data(timestamp ?? '', 80) })
      : [moment(new Date(timestampMs).toISOString())];
  const upload =
    evidence.lastModified === null ? say('when.upload-unknown') : [moment(evidence.lastModified)];
  const late = say('when.missed', { lookBack: duration(rule.lookBackMs, locale) });
  return [
    { label: label('when.event'), text: at },
    { label: label('when.upload'), text: upload, more: lag.exceedsLookBack ? [late] : [] },
  ];
}

/** What the facts mean beyond the first screen. */
function notesOf(context: RenderContext): readonly Text[] {
  const { alert, words } = context;
  const { facts, location } = alert;
  const { say } = words;
  const text = location?.text[words.locale];
  return [
    ...(facts.registry.certain ? [] : [say('note.uncertain')]),
    ...(facts.owner.kind === 'mounted' && facts.owner.sid !== null ? [say('note.mounted')] : []),
    ...[...(text?.notes ?? []), ...(text?.checks ?? [])].map(note => filled(note, context)),
    ...(alert.payload.isPartial ? [say('note.partial')] : []),
    ...(alert.eventCut ? [say('note.cut-event')] : []),
  ];
}

/** Other matches of the log, and what the archive knows. */
export function relatedSection({ alert, cuts, words }: RenderContext): Section {
  const { label, say } = words;
  const { neighbours, history } = alert;
  const sample = cuts.has('neighbours') ? [] : (neighbours?.sample ?? []);
  const hosts = history?.otherHosts ?? [];
  return {
    name: 'related',
    heading: label('section.related'),
    blocks: [
      ...(neighbours === null ? [textBlock(say('related.unknown'))] : []),
      ...(sample.length === 0
        ? []
        : [
            textBlock(
              say(alert.facts.requester.kind === 'absent' ? 'related.paths-unknown' : 'related.paths', {
                count: neighbours!.count,
              }),
            ),
            { kind: 'list', items: sample.map(({ path }): Text => [data(path, 300)]) } as const,
          ]),
      ...(hosts.length === 0
        ? []
        : [
            textBlock(
              say(history?.otherHostsMore ? 'history.hosts-more' : 'history.hosts', {
                hosts: joined(
                  hosts.map(host => [hostDatum(host)]),
                  words.comma,
                ),
              }),
            ),
          ]),
    ],
  };
}
