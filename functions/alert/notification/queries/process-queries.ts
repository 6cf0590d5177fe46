import { type SeenRunning, seenRunning } from '../../detection/index.ts';
import type { QueryDraft } from './pivot.ts';
import { eql, esql, join, kql, missing, type Quote, writer, written } from './query-literals.ts';
import {
  hostClause,
  indexOf,
  isWmiWrite,
  type Query,
  type Subject,
  search,
  timeClause,
  writeKql,
} from './query-subject.ts';
import { DAY, HOUR } from './time-window.ts';

const writeEql = writer(eql);
const writeEsql = writer(esql);

/** Did what was written run, or get loaded? */
export function didItRun(subject: Subject): QueryDraft[] {
  const seen = seenRunning(subject.alert.payload);
  const { isLibrary } = seen;
  const byName = isLibrary && seen.libraries.every(({ path }) => path === null);
  const asked = {
    name: 'did-it-run',
    question: byName ? 'did-it-run-library-name' : isLibrary ? 'did-it-run-library' : 'did-it-run',
    index: indexOf(subject, isLibrary ? 'library' : 'process'),
    before: 0,
    after: 30 * DAY,
  } as const;
  const inKql = anyOf(
    subject,
    seen,
    kql,
    field => `${field}${isCaseless(subject, field) ? '.caseless' : ''} : `,
  );
  const inEql = anyOf(subject, seen, eql, (field, text) => `?${field} ${/[*?]/.test(text) ? '==' : ':'} `);
  return [
    search(subject, {
      ...asked,
      language: 'KQL',
      query: window =>
        isLibrary
          ? writeKql`${hostClause(subject, kql, ':')} and ${inKql} and ${timeClause(window)}`
          : writeKql`${hostClause(subject, kql, ':')} and event.type : "start" and ${inKql} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'EQL',
      query: window =>
        isLibrary
          ? writeEql`any where ${hostClause(subject, eql, '==')} and ${inEql} and ${timeClause(window)}`
          : writeEql`process where ${hostClause(subject, eql, '==')} and event.type == "start" and ${inEql} and ${timeClause(window)}`,
    }),
  ];
}

/** Fields that Defend's index also has in a form for case-insensitive comparison. */
const isCaseless = ({ lacksDefendFields }: Subject, field: string): boolean =>
  !lacksDefendFields && /^process\.(executable|name|command_line)$/.test(field);

/** One clause for each program or library that can be written; one that cannot only narrows the search. */
function anyOf(
  { facts }: Subject,
  { isLibrary, libraries, processes }: SeenRunning,
  quote: Quote,
  before: (field: string, text: string) => string,
): Query {
  if (!facts.isCommand) return missing('not-a-command');
  if (facts.registry.data.length === 0) return missing('no-data');
  const write = writer(quote);
  const test = (field: string, text: string): Query => write`${written(before(field, text))}${text}`;
  const clauses = isLibrary
    ? libraries.map(({ path, name }) => (path === null ? test('dll.name', name) : test('dll.path', path)))
    : processes.flatMap(({ paths, names, argument }) => {
        if (argument === null && paths.length > 0) return paths.map(path => test('process.executable', path));
        const named = names.map(name => test('process.name', name));
        return argument === null
          ? named
          : [bracketed([oneOf(named), test('process.args', argument)], ' and ')];
      });
  const usable = clauses.filter(clause => clause.problem === null);
  return usable.length === 0 ? (clauses[0] ?? missing('no-program')) : oneOf(usable);
}

const oneOf = (clauses: readonly Query[]): Query =>
  clauses.length === 1 ? clauses[0]! : bracketed(clauses, ' or ');

const bracketed = (clauses: readonly Query[], between: string): Query =>
  join([written('('), join(clauses, between), written(')')], '');

/** Who initiated it: the requester's entity id, else the writer's; and whether that is only WMI's provider host. */
export function askerOf({ facts }: Subject) {
  const requester = facts.requester.entityId;
  const isRequester = requester !== null;
  return {
    entityId: requester ?? facts.writer.entityId,
    isRequester,
    isHost: !isRequester && isWmiWrite(facts),
  };
}

export function tree(subject: Subject): QueryDraft[] {
  const { entityId, isHost } = askerOf(subject);
  const asked = {
    name: 'tree',
    question: isHost ? 'tree-writer' : 'tree',
    index: indexOf(subject, 'process'),
    before: 7 * DAY,
    after: 24 * HOUR,
  } as const;
  const id = entityId ?? missing('no-entity' as const);
  return [
    search(subject, {
      ...asked,
      language: 'KQL',
      query: window =>
        subject.lacksDefendFields
          ? writeKql`${hostClause(subject, kql, ':')} and (process.entity_id : ${id} or process.parent.entity_id : ${id}) and ${timeClause(window)}`
          : writeKql`${hostClause(subject, kql, ':')} and (process.entity_id : ${id} or process.parent.entity_id : ${id} or process.Ext.ancestry : ${id} or process.Ext.effective_parent.entity_id : ${id}) and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'EQL',
      query: window =>
        subject.lacksDefendFields
          ? writeEql`process where ${hostClause(subject, eql, '==')} and (process.entity_id == ${id} or ?process.parent.entity_id == ${id}) and ${timeClause(window)}`
          : writeEql`process where ${hostClause(subject, eql, '==')} and (process.entity_id == ${id} or ?process.parent.entity_id == ${id} or ?process.Ext.ancestry == ${id} or ?process.Ext.effective_parent.entity_id == ${id}) and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'ES|QL',
      query: window =>
        notEndgame(
          subject,
          writeEsql`FROM logs-endpoint.events.process-* | WHERE ${timeClause(window, 'AND')} AND ${hostClause(subject, esql, '==')} | MV_EXPAND process.Ext.ancestry | WHERE process.entity_id == ${id} OR process.parent.entity_id == ${id} OR process.Ext.ancestry == ${id} | STATS first_seen = MIN(@timestamp) BY process.entity_id, process.parent.entity_id, process.name, process.pid, process.command_line, user.name, process.hash.sha256 | SORT first_seen ASC | LIMIT 200`,
        ),
    }),
  ];
}

export function network(subject: Subject): QueryDraft[] {
  const { entityId, isHost } = askerOf(subject);
  const asked = {
    name: 'network',
    question: isHost ? 'network-writer' : 'network',
    index: indexOf(subject, 'network'),
    before: HOUR,
    after: 24 * HOUR,
  } as const;
  const id = entityId ?? missing('no-entity' as const);
  return [
    search(subject, {
      ...asked,
      language: 'KQL',
      query: window =>
        subject.lacksDefendFields
          ? writeKql`${hostClause(subject, kql, ':')} and process.entity_id : ${id} and event.category : "network" and ${timeClause(window)}`
          : writeKql`${hostClause(subject, kql, ':')} and process.entity_id : ${id} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'EQL',
      query: window =>
        writeEql`any where ${hostClause(subject, eql, '==')} and process.entity_id == ${id} and event.category in ("network", "dns") and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'ES|QL',
      query: window =>
        notEndgame(
          subject,
          writeEsql`FROM logs-endpoint.events.network-* | WHERE ${timeClause(window, 'AND')} AND ${hostClause(subject, esql, '==')} AND process.entity_id == ${id} | KEEP @timestamp, event.action, network.direction, source.ip, destination.ip, destination.port, dns.question.name, dns.resolved_ip | SORT @timestamp | LIMIT 200`,
        ),
    }),
  ];
}

/** ES|QL refuses a query on a field that none of its indices has. */
export const notEndgame = ({ lacksDefendFields }: Subject, query: Query): Query =>
  lacksDefendFields ? missing('endgame-fields') : query;
