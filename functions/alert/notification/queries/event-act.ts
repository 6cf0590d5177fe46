import type { Alert } from '../../detection/index.ts';
import { eventTexts } from '../text/event-texts.ts';
import type { QueryDraft } from './pivot.ts';
import { kql, missing, writer, written } from './query-literals.ts';
import { hostClause, indexOf, type Query, type Subject, search, timeClause } from './query-subject.ts';
import { DAY } from './time-window.ts';

const KINDS = ['process', 'library', 'network', 'file', 'other'] as const;

/** What an event other than a registry event reports. Texts are attacker-written; `null`: not in the event. */
export type Act = {
  readonly kind: (typeof KINDS)[number];
  /** The command line that ran; the library or driver that was loaded; the address; the file. */
  readonly what: string | null;
  /** The file that it is about. */
  readonly file: string | null;
  /** SHA-256 of that file, hex. */
  readonly sha256: string | null;
  /** The process that did it: for a process that ran, its parent. */
  readonly by: { readonly path: string | null; readonly pid: string | null; readonly line: string | null };
};

type Read = (...fields: readonly string[]) => string | null;

/** By the event's category (ECS, "event.category"); `null`: a registry event. */
export function actOf({ event, facts }: Alert): Act | null {
  const categories = eventTexts(event, 'event.category');
  if (facts.registry.path !== '' || categories.length === 0 || categories.includes('registry')) return null;
  const read: Read = (...fields) =>
    fields.map(field => eventTexts(event, field)[0]).find(text => text !== undefined && text !== '') ?? null;
  const by = (prefix: string): Act['by'] => ({
    path: read(`${prefix}.executable`, `${prefix}.name`),
    pid: read(`${prefix}.pid`),
    line: read(`${prefix}.command_line`),
  });
  const of = (prefix: string) => ({ sha256: sha256Of(read(`${prefix}.hash.sha256`)) });
  const category = categories.map(name => CATEGORIES[name]).find(kind => kind !== undefined) ?? 'other';
  const doer = by('process');
  switch (category) {
    case 'process':
      return {
        kind: category,
        what: read('process.command_line', 'process.executable', 'process.name'),
        file: read('process.executable'),
        ...of('process'),
        by: by('process.parent'),
      };
    case 'library': {
      const file = read('dll.path', 'file.path');
      return { kind: category, what: file ?? read('dll.name', 'file.name'), file, ...of('dll'), by: doer };
    }
    case 'network': {
      const address = read('dns.question.name', 'destination.domain', 'destination.ip', 'url.original');
      const port = read('destination.port');
      const what = address === null || port === null ? address : `${address}:${port}`;
      return { kind: category, what, file: read('process.executable'), ...of('process'), by: doer };
    }
    case 'file': {
      const file = read('file.path');
      return { kind: category, what: file ?? read('file.name'), file, ...of('file'), by: doer };
    }
    case 'other':
      return { kind: category, what: read('event.action'), file: null, sha256: null, by: doer };
    default:
      return category satisfies never;
  }
}

/** The event reports that the value or its key was deleted (ECS, `event.type`); its data is what it held. */
export const isDeletion = ({ event }: Pick<Alert, 'event'>): boolean =>
  eventTexts(event, 'event.type').includes('deletion');

const CATEGORIES: { readonly [category: string]: Act['kind'] } = {
  process: 'process',
  library: 'library',
  driver: 'library',
  network: 'network',
  dns: 'network',
  file: 'file',
};

/** SHA-256 in hex, which can be put into an address; anything else is ignored. */
export const sha256Of = (text: string | null): string | null =>
  text !== null && /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null;

const writeKql = writer(kql);

/** On which other hosts: by hash, else by the subject of the event. */
export function actPrevalence(subject: Subject): QueryDraft[] {
  const act = actOf(subject.alert);
  if (act === null) return [];
  return [
    search(subject, {
      name: 'prevalence',
      question: 'prevalence-act',
      language: 'KQL',
      index: indexOf(subject, act.kind === 'other' ? '*' : act.kind),
      before: 30 * DAY,
      after: DAY,
      query: window => {
        const host = hostClause(subject, kql, ':');
        const elsewhere = host.problem === 'no-host' ? written('') : writeKql` and not ${host}`;
        return writeKql`${sameAct(act)}${elsewhere} and ${timeClause(window)}`;
      },
    }),
  ];
}

function sameAct({ kind, what, file, sha256 }: Act): Query {
  if (kind === 'other' || what === null) return missing('no-data');
  if (sha256 !== null && kind !== 'network')
    return writeKql`${written(kind === 'library' ? 'dll' : kind)}.hash.sha256 : ${sha256}`;
  if (kind === 'process')
    return file === what || file === null
      ? writeKql`process.name : ${what}`
      : writeKql`process.command_line : ${what}`;
  if (kind === 'network') {
    const address = what.replace(/:\d+$/, '');
    return writeKql`(destination.ip : ${address} or destination.domain : ${address} or dns.question.name : ${address})`;
  }
  return writeKql`${written(kind === 'library' ? 'dll.path' : 'file.path')} : ${what}`;
}
