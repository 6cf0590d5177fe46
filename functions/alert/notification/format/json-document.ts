import type { Alert } from '../../detection/index.ts';
import type { Location } from '../../ruleset/index.ts';
import { reportIdOf } from '../alert/incident-texts.ts';
import type { IncidentContext, RenderContext } from '../alert/render-context.ts';
import type { RenderOptions } from '../options.ts';
import { alertLocation, reportLocation } from '../text/archive-locations.ts';
import { renderedFields, ruleDocument } from './json-parts.ts';
import { type Plain, safeJsonWithin } from './safe-json.ts';

type Document = { readonly [key: string]: Plain | undefined };

/**
 * The alert as a document, with the names of the Elastic Common Schema where it defines one. Facts are exact;
 * sentences, guide and queries are given in each language of the message. `alert.schema.json` describes it.
 */
export function jsonDocument(contexts: readonly RenderContext[]): Document {
  const [context] = contexts;
  const told = contexts.map(context => [context.words.locale, renderedFields(context)]);
  return documentOf(context!, Object.fromEntries(told));
}

/** An alert in the list of an incident: without the rule and the sentences. A long event is only in the archive. */
export function listedDocument(alert: Alert, options: RenderOptions): Document {
  const whole = documentOf({ alert, options, cuts: new Set(), incident: null }, undefined);
  return safeJsonWithin(whole, LONGEST_LISTED) === null
    ? documentOf(
        { alert, options, cuts: new Set(['event', 'neighbours', 'values']), incident: null },
        undefined,
      )
    : whole;
}

/** UTF-16 units. */
const LONGEST_LISTED = 16_384;

function documentOf(
  { alert, cuts, incident, options }: Pick<RenderContext, 'alert' | 'cuts' | 'incident' | 'options'>,
  told: Plain | undefined,
): Document {
  const { evidence, facts, lag, location, rule } = alert;
  const isCut = (cut: 'event' | 'neighbours') => cuts.has(cut);
  const { archiveBucket } = options;
  const most = cuts.has('values') ? 256 : 4096;
  const short = shortened(most);
  return {
    id: alert.id,
    kind: incident?.others.length ? 'incident' : 'alert',
    locale: options.locale,
    ...(incident === null ? {} : incidentMembers(alert, incident)),
    '@timestamp': facts.timestampMs === null ? null : new Date(facts.timestampMs).toISOString(),
    rule: told && ruleDocument(rule),
    event: isCut('event') ? null : alert.event,
    ...(isInElasticForm(alert) ? {} : { source: sourceOf(alert, short) }),
    evidence: {
      bucket: evidence.bucket,
      key: evidence.key,
      versionId: evidence.versionId,
      etag: evidence.etag,
      lastModified: evidence.lastModified,
      record: evidence.record,
      offset: evidence.offset,
      sha256: evidence.sha256,
    },
    archive:
      archiveBucket === undefined
        ? null
        : {
            alert: alertLocation(archiveBucket, alert.id),
            report: reportLocation(archiveBucket, reportIdOf({ alert, incident })),
          },
    host: {
      name: short(facts.hostName),
      id: short(facts.hostId),
      ip: facts.hostIps.map(ip => cutText(ip, 64)),
      os: short(facts.os),
    },
    agent: { id: short(facts.agentId), version: short(facts.agentVersion) },
    user: { id: short(facts.user.id), name: short(facts.user.name), domain: short(facts.user.domain) },
    registry: {
      hive: facts.registry.hive,
      key: short(facts.registry.key),
      path: short(facts.registry.path),
      value: short(facts.registry.value),
      data: {
        type: short(facts.registry.type),
        strings: cuts.has('values')
          ? facts.registry.data.slice(0, 3).map(text => cutText(text, most))
          : facts.registry.data,
      },
    },
    facts: {
      owner: { kind: facts.owner.kind, sid: short(facts.owner.sid) },
      key_and_value_certain: facts.registry.certain,
      service: short(facts.service),
      program: short(facts.program),
      is_command: facts.isCommand,
      is_remote: facts.isRemote,
      is_user_writable: facts.isUserWritable,
      requester: {
        kind: facts.requester.kind,
        name: short(facts.requester.name),
        executable: short(facts.requester.executable),
        pid: short(facts.requester.pid),
        entity_id: short(facts.requester.entityId),
      },
      writer: {
        name: short(facts.writer.name),
        executable: short(facts.writer.executable),
        pid: short(facts.writer.pid),
        entity_id: short(facts.writer.entityId),
      },
      os_type_from: alert.osTypeFrom,
    },
    payload: payloadOf(alert.payload, short),
    location: location === null ? null : locationOf(location, alert.isDocumented),
    assessment: {
      level: alert.assessment.level,
      score: alert.assessment.score,
      indicators: alert.assessment.indicators.map(({ id, weight, technique, text, source }) => ({
        id,
        weight,
        technique,
        text,
        source,
      })),
    },
    locations: alert.locations.map(({ number }) => number),
    matched: alert.why.map(({ field, source, values, matched }) => ({
      condition: cutText(source.replace(/\s+/g, ' '), 400),
      field: field ?? null,
      values: values
        .slice(0, 10)
        .map(value => (typeof value === 'string' ? cutText(value, Math.min(most, 1024)) : value)),
      patterns: matched.map(({ position, constant, value }) => ({
        position,
        pattern: constant,
        value: typeof value === 'string' ? cutText(value, Math.min(most, 1024)) : value,
      })),
    })),
    lag: {
      upload_ms: lag.uploadMs,
      look_back_ms: rule.lookBackMs,
      exceeds_look_back: lag.exceedsLookBack,
    },
    neighbours:
      alert.neighbours === null
        ? null
        : {
            count: alert.neighbours.count,
            sample: isCut('neighbours')
              ? []
              : alert.neighbours.sample.map(({ path, value }) => ({
                  path: short(path),
                  value: short(value),
                })),
          },
    occurrences: alert.occurrences,
    history:
      alert.history === null
        ? null
        : {
            other_hosts: alert.history.otherHosts?.map(short) ?? null,
            other_hosts_more: alert.history.otherHostsMore,
            host_alerts_48h: alert.history.hostAlerts,
          },
    ...(alert.repeated && {
      repeated: {
        since: new Date(alert.repeated.sinceMs).toISOString(),
        count: alert.repeated.count,
        other_values: alert.repeated.others,
      },
    }),
    told,
    event_cut: alert.eventCut,
    truncated: cuts.size > 0 || alert.eventCut,
    cut: [...cuts],
  };
}

/** `alertIds` has every alert, `alerts` as many of the others as the message can hold. */
function incidentMembers(alert: Alert, { id, others, continues }: IncidentContext): Document {
  return {
    incidentId: id,
    continues: continues && { incidentId: continues.id, begun: new Date(continues.begunMs).toISOString() },
    ...(others.length === 0
      ? {}
      : { alertIds: [alert, ...others].map(({ id }) => id), alerts: [] as readonly Plain[] }),
  };
}

/** What Windows would run, what was encoded in it, and the addresses in both; texts unchanged. */
function payloadOf(
  { form, commands, decoded, addresses, isPartial }: Alert['payload'],
  short: ReturnType<typeof shortened>,
): Plain {
  return {
    form,
    programs: commands.map(command => ({
      kind: command.kind,
      program: short(command.program),
      path: short(command.path),
      arguments: short(command.arguments),
      library: short(command.library),
      export: short(command.export),
      script: short(command.script),
      folder: command.folder,
    })),
    decoded: decoded.map(({ kind, encoding, depth, isCompressed, text, isCut }) => ({
      kind,
      encoding,
      depth,
      compressed: isCompressed,
      text: short(text),
      cut: isCut,
    })),
    addresses: addresses.map(({ kind, text }) => ({ kind, text: short(text) })),
    partial: isPartial,
  };
}

function locationOf(location: Location, isAtDocumentedKey: boolean): Plain {
  const { number, certainty, payload, undo, technique } = location;
  return {
    number,
    certainty,
    payload,
    undo,
    key: location.key,
    value: location.value,
    at_documented_key: isAtDocumentedKey,
    technique: { id: technique.id, name: technique.name, reference: technique.reference },
  };
}

/** Events from Elastic's own products state this themselves. */
function isInElasticForm({ source: { product, inferred } }: Alert): boolean {
  return inferred.length === 0 && ['elastic-defend', 'endgame', 'other'].includes(product);
}

function sourceOf({ source }: Alert, short: (text: string | null) => string | null): Plain {
  const inferred = source.inferred.map(({ field, value, from }) => ({ field, value: short(value), from }));
  return { product: source.product, index: short(source.index), inferred };
}

/** Names and paths longer than any real one are truncated: the event, or the evidence, has them in full. */
const shortened =
  (most: number) =>
  (text: string | null): string | null =>
    text === null ? null : cutText(text, most);

function cutText(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, text.codePointAt(most - 1)! > 0xffff ? most - 1 : most);
}
