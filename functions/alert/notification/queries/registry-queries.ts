import { osqueryName } from './host-queries.ts';
import type { QueryDraft } from './pivot.ts';
import { askerOf, notEndgame } from './process-queries.ts';
import { eql, esql, joinEach, kql, missing, type Quote, sql, writer, written } from './query-literals.ts';
import {
  hostClause,
  indexOf,
  type Query,
  type Subject,
  search,
  timeClause,
  writeKql,
} from './query-subject.ts';
import { DAY, HOUR } from './time-window.ts';

const writeEql = writer(eql);
const writeEsql = writer(esql);

/** What else did the same requester write? */
export function registryWrites(subject: Subject): QueryDraft[] {
  const { entityId, isHost, isRequester } = askerOf(subject);
  const asked = {
    name: 'registry-writes',
    question: isHost ? 'registry-writes-writer' : 'registry-writes',
    index: indexOf(subject, 'registry'),
    before: HOUR,
    after: HOUR,
  } as const;
  const id = entityId ?? missing('no-entity' as const);
  const field = written(isRequester ? 'Effective_process.entity_id' : 'process.entity_id');
  return [
    search(subject, {
      ...asked,
      language: 'KQL',
      query: window =>
        writeKql`${hostClause(subject, kql, ':')} and event.type : "change" and ${field} : ${id} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'EQL',
      query: window =>
        writeEql`registry where ${hostClause(subject, eql, '==')} and event.type == "change" and ?${field} == ${id} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'ES|QL',
      query: window =>
        notEndgame(
          subject,
          writeEsql`FROM logs-endpoint.events.registry-* | WHERE ${timeClause(window, 'AND')} AND ${hostClause(subject, esql, '==')} AND ${field} == ${id} | KEEP @timestamp, registry.path, registry.value, registry.data.type, registry.data.strings | SORT @timestamp | LIMIT 200`,
        ),
    }),
  ];
}

/** On which other hosts? Never by the path: in a user hive it has the SID of this user. */
export function prevalence(subject: Subject): QueryDraft[] {
  const { value, data } = subject.facts.registry;
  const index = indexOf(subject, 'registry');
  const range = { before: 30 * DAY, after: DAY };
  const elsewhere = (quote: Quote): Query => {
    const host = hostClause(subject, quote, quote === kql ? ':' : '==');
    return host.problem === 'no-host' ? written('') : writer(quote)` and not ${host}`;
  };
  const strings = (before: string, quote: Quote): Query =>
    data.length === 0
      ? missing('no-data')
      : joinEach(data, ' and ', text => writer(quote)`${written(before)}${text}`);
  const listed: Query = data.length === 0 ? missing('no-data') : joinEach(data, ', ', esql);
  const inKql = strings('registry.data.strings : ', kql);
  const named = value === '' ? written('') : writeKql`registry.value : ${value} and `;
  const both = {
    name: 'prevalence',
    question: value === '' ? 'prevalence-data' : 'prevalence',
    index,
    ...range,
  } as const;
  const drafts = [
    search(subject, {
      ...both,
      language: 'KQL',
      query: window => writeKql`${named}${inKql}${elsewhere(kql)} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...both,
      language: 'EQL',
      query: window =>
        writeEql`registry where ${value === '' ? written('') : writeEql`registry.value == ${value} and `}${strings('registry.data.strings == ', eql)}${elsewhere(eql)} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...both,
      question: 'prevalence-count',
      language: 'ES|QL',
      query: window =>
        writeEsql`FROM ${written(index)} | WHERE ${timeClause(window, 'AND')}${value === '' ? written('') : writeEsql` AND registry.value == ${value}`} | MV_EXPAND registry.data.strings | WHERE registry.data.strings IN (${listed}) | STATS hosts = COUNT_DISTINCT(host.id), first_seen = MIN(@timestamp), last_seen = MAX(@timestamp) BY registry.value, process.name | SORT first_seen | LIMIT 200`,
    }),
  ];
  if (value === '') return drafts;
  const isWritable = inKql.problem === null;
  return [
    ...drafts,
    search(subject, {
      name: 'prevalence',
      question: isWritable ? 'prevalence-data' : 'prevalence-name',
      language: 'KQL',
      index,
      ...range,
      query: window =>
        writeKql`${isWritable ? inKql : writeKql`registry.value : ${value}`}${elsewhere(kql)} and ${timeClause(window)}`,
    }),
  ];
}

/**
 * The same value in the hives of other users of this host. Osquery's table supports `=` and two-argument `LIKE`, in
 * which `%` is one element of a key and cannot be escaped.
 */
export function otherUsers({ facts: { registry, owner } }: Subject): QueryDraft[] {
  if (registry.root !== 'user' || owner.sid === null) return [];
  const below = registry.key.slice(owner.sid.length + 1);
  const query: Query = !registry.certain
    ? missing('key-uncertain')
    : below.includes('%')
      ? missing('percent')
      : writer(
          sql,
        )`SELECT key, name, type, data FROM registry WHERE key LIKE ${`HKEY_USERS\\%\\${below}`} AND name = ${osqueryName(registry.value)} COLLATE NOCASE;`;
  return [
    { name: 'prevalence', question: 'other-users', language: 'Osquery', index: null, when: 'on-host', query },
  ];
}

/** What was there before? Not in this event, but in an earlier event of the same value. */
export function previousValue(subject: Subject): QueryDraft[] {
  const { path } = subject.facts.registry;
  return [
    search(subject, {
      name: 'previous-value',
      question: 'previous-value',
      language: 'KQL',
      index: indexOf(subject, 'registry'),
      before: 90 * DAY,
      after: 0,
      query: ({ range }) =>
        path === ''
          ? missing('no-path')
          : writeKql`${hostClause(subject, kql, ':')} and registry.path : ${path} and event.type : "change" and @timestamp >= "${written(range.from)}" and @timestamp < "${written(range.to)}"`,
    }),
  ];
}
