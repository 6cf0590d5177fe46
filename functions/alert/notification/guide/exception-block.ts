import type { Alert } from '../../detection/index.ts';
import type { Localized } from '../../ruleset/index.ts';
import { actOf } from '../queries/event-act.ts';
import {
  eql,
  type Fragment,
  join,
  joinEach,
  type LiteralProblem,
  missing,
  toml,
  writer,
  written,
} from '../queries/query-literals.ts';
import { type Reason, reasonOf } from '../queries/query-reasons.ts';
import { anchorOf, DAY } from '../queries/time-window.ts';
import { eventTexts } from '../text/event-texts.ts';

const write = writer(eql);

const OWNER: Localized = { en: 'fill in: who answers for it', 'zh-CN': '请填写：负责人' };
const REASON: Localized = {
  en: 'fill in: why it is expected, and where that is recorded',
  'zh-CN': '请填写：为何属预期行为，以及记录在何处',
};

/** Days until it has to be reviewed. */
const LASTS_DAYS = 90;

export type ExceptionBlock =
  | { readonly text: string; readonly leftOut: null }
  | { readonly text: null; readonly leftOut: Localized };

/**
 * The `[[exception]]` that accepts exactly this event and equal ones: by exact tests of path, data and its type,
 * host and requester, no wildcard. Owner and reason are empty, which `check` refuses until they are filled in. There is
 * no clock here, so it begins on the day of the object.
 */
export function exceptionBlock(alert: Alert, locale: keyof Localized = 'en'): ExceptionBlock {
  const condition = conditionOf(alert);
  const strings = stringsOf(alert);
  const created = createdOf(alert);
  if (condition.problem !== null) return { text: null, leftOut: reasonOf(condition.problem) };
  if (strings.problem !== null) return { text: null, leftOut: reasonOf(strings.problem) };
  if (created === null) return { text: null, leftOut: reasonOf('no-time') };
  const lines = [
    '[[exception]]',
    `id = "event-${alert.id.replace(/[^0-9a-f]/g, '').slice(0, 16)}"`,
    `owner = ""   # ${OWNER[locale]}`,
    `reason = ""  # ${REASON[locale]}`,
    `created = ${dateOf(created)}`,
    `expires = ${dateOf(created + LASTS_DAYS * DAY)}`,
    ...(strings.text === '' ? [] : [`strings = [${strings.text}]`]),
    "condition = '''",
    // As an EQL escape, so that no run of three can end the text early.
    condition.text.replaceAll("'", "\\'"),
    "'''",
  ];
  return { text: lines.join('\n'), leftOut: null };
}

/** What distinguishes an event other than a registry event. */
const TELLING_FIELDS = [
  'process.executable', 'process.command_line', 'process.parent.executable', 'dll.path', 'file.path', 'destination.ip',
  'dns.question.name',
]; // biome-ignore format: one look

function conditionOf(alert: Alert): Fragment<Reason | LiteralProblem> {
  const { facts } = alert;
  const { path, data, type } = facts.registry;
  if (actOf(alert) !== null) {
    const tests = TELLING_FIELDS.flatMap(field =>
      eventTexts(alert.event, field)
        .slice(0, 1)
        .map(text => write`${written(field)} == ${text}`),
    );
    return tests.length === 0 ? missing('no-data') : join([...tests, hostTest(facts)], ' and\n');
  }
  if (path === '') return missing('no-path');
  if (data.length === 0) return missing('no-data');
  const tests = [
    write`registry.path == ${path}`,
    data.length === 1
      ? write`registry.data.strings == ${data[0]!}`
      : write`registry.data.strings in (${joinEach(data, ', ', eql)})`,
    ...(type === null ? [] : [write`registry.data.type == ${type}`]),
    hostTest(facts),
  ];
  const { executable } = facts.requester;
  if (executable !== null) tests.push(write`Effective_process.executable == ${executable}`);
  return join<Reason | LiteralProblem>(tests, ' and\n');
}

/** The list of a value that can have several: EQL has no test of all of them. */
function stringsOf({ facts: { registry } }: Alert): Fragment {
  const isList = registry.data.length > 1 || registry.type === 'REG_MULTI_SZ';
  return isList ? joinEach(registry.data, ', ', toml) : written('');
}

function hostTest({ hostId, hostName, agentId }: Alert['facts']): Fragment<Reason | LiteralProblem> {
  const [field, text] =
    hostId !== null
      ? ['host.id', hostId]
      : hostName !== null
        ? ['host.name', hostName]
        : ['agent.id', agentId];
  return text === null ? missing('no-host') : write`${written(field)} == ${text}`;
}

/** The day on which the object was written, else that of the event. */
function createdOf(alert: Alert): number | null {
  const upload = Date.parse(alert.evidence.lastModified ?? '');
  return Number.isNaN(upload) ? (anchorOf(alert)?.ms ?? null) : upload;
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
