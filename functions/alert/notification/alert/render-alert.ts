import type { Alert } from '../../detection/index.ts';
import { chatNotification } from '../format/chat.ts';
import { BETWEEN_LANGUAGES, emailOf } from '../format/email.ts';
import { jsonDocument } from '../format/json-document.ts';
import { safeJson, safeJsonWithin } from '../format/safe-json.ts';
import { fitted, MOST_BYTES } from '../format/size-budget.ts';
import { incidentSubject } from '../incident/incident-subject.ts';
import { briefDocument, type Message } from '../message.ts';
import type { RenderOptions } from '../options.ts';
import { localesOf } from '../text/words.ts';
import { type Cut, type IncidentContext, type RenderContext, renderContextOf } from './render-context.ts';
import { plainHost, subjectOf } from './subject-line.ts';

/** The content of one `Publish` of an alert, for people and programs, within the limits of Amazon SNS. */
export function renderAlert(alert: Alert, options: RenderOptions): Message {
  return renderMessage(alert, options, null);
}

/** The same of an alert as the first of its incident. */
export function renderMessage(
  alert: Alert,
  options: RenderOptions,
  incident: IncidentContext | null,
): Message {
  return fitted(cuts => rendered(contextsOf(alert, options, cuts, incident)), leastOf(alert));
}

/** The content of one `Publish` of an alert for programs only: the document, without the bodies for people. */
export function renderRecord(alert: Alert, options: RenderOptions): Message {
  return fitted(cuts => recordOf(contextsOf(alert, options, cuts)), leastOf(alert));
}

/** Longest document in the archive, in UTF-16 units: a hundred of 96 MB, each from one record, would take an hour. */
export const ARCHIVED_LENGTH = 2 * 1024 ** 2;

/**
 * The alert as one JSON document. If longer than `most`, it drops the copy of the values beside the event, then the
 * event, and says so in `cut`; the object that `evidence` names has both.
 */
export function renderDocument(
  alert: Alert,
  options: RenderOptions,
  most = Number.POSITIVE_INFINITY,
): string {
  const render = (...cuts: Cut[]) =>
    jsonDocument(
      localesOf(options.locale).map(locale => renderContextOf(alert, locale, options, new Set(cuts))),
    );
  const fitting =
    safeJsonWithin(alert.event, most) &&
    (safeJsonWithin(render(), most) ?? safeJsonWithin(render('values'), most));
  return fitting ?? safeJson(render('event', 'values'));
}

function rendered(contexts: readonly RenderContext[]): Message {
  const record = recordOf(contexts);
  const chat = chatNotification(contexts);
  const { title, description } = chat.content;
  return {
    ...record,
    email: contexts.map(context => emailOf(context, record.subject)).join(BETWEEN_LANGUAGES),
    https: safeJson(chat),
    brief: { ...record.brief, title, description },
  };
}

function recordOf(contexts: readonly RenderContext[]): Message {
  const { alert, cuts, incident, options } = contexts[0]!;
  const document = jsonDocument(contexts);
  return {
    subject: incident?.others.length
      ? incidentSubject([alert, ...incident.others], options)
      : subjectOf(alert, options),
    email: '',
    https: '',
    default: safeJson(document),
    attributes: attributesOf(alert, incident),
    brief: { title: '', description: '', document: briefDocument(document) },
    cut: [...cuts],
  };
}

/** The alert in each language of the message. */
export const contextsOf = (
  alert: Alert,
  options: RenderOptions,
  cuts: ReadonlySet<Cut>,
  incident: IncidentContext | null = null,
): readonly RenderContext[] =>
  localesOf(options.locale).map(locale => renderContextOf(alert, locale, options, cuts, incident));

/**
 * For filter policies; `docs/subscribers.md` lists them. Raw delivery to a queue allows ten and drops messages with
 * more.
 */
function attributesOf(alert: Alert, incident: IncidentContext | null): Message['attributes'] {
  const { location, rule } = alert;
  const host = plainHost(alert);
  const texts: readonly (readonly [string, string | null])[] = [
    ['kind', 'alert'],
    ['alertId', alert.id],
    ['ruleId', rule.id],
    ['severity', rule.severity],
    ['assessment', alert.assessment.level],
    ['host', host],
    ['technique', location?.technique.id ?? null],
    ['incidentId', incident?.id ?? null],
  ];
  const numbers: readonly (readonly [string, number | null])[] = [
    ['location', location?.number ?? null],
    ['alerts', incident === null ? null : incident.others.length + 1],
  ];
  const attributes = (
    type: 'String' | 'Number',
    of: readonly (readonly [string, string | number | null])[],
  ) =>
    of.flatMap(([name, value]) => (value === null ? [] : [[name, { type, value: String(value) }] as const]));
  return Object.fromEntries([...attributes('String', texts), ...attributes('Number', numbers)]);
}

function leastOf({ event, facts }: Alert): readonly Cut[] {
  if (isLong(facts.registry.data)) return ['values'];
  return isLong(event) ? ['event'] : [];
}

/** Whether the strings of a value alone exceed a message; stops as soon as that is known. */
function isLong(value: unknown): boolean {
  let size = 0;
  const pending: unknown[] = [value];
  while (pending.length > 0 && size <= MOST_BYTES) {
    const next = pending.pop();
    if (typeof next === 'string') size += next.length;
    else if (typeof next === 'object' && next !== null)
      for (const member of Object.values(next)) pending.push(member);
  }
  return size > MOST_BYTES;
}
