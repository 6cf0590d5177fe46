import { fileOf, nameOf, noFileReason } from './payload-target.ts';
import type { QueryDraft } from './pivot.ts';
import { esql, kql, missing, powershell, writer, written } from './query-literals.ts';
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
import { DAY, HOUR, MINUTE } from './time-window.ts';

const writeEsql = writer(esql);
const writePowerShell = writer(powershell);

/** Other alerts of this host and user. */
export function alerts48h(subject: Subject): QueryDraft[] {
  const { owner } = subject.facts;
  // A service's SID would bring in the alerts of every machine.
  const sid = owner.kind === 'user' || owner.kind === 'entra-user' ? owner.sid : null;
  const asked = {
    name: 'alerts-48h',
    question: sid === null ? 'alerts-48h-host' : 'alerts-48h',
    index: '.alerts-security.alerts-*',
    before: 48 * HOUR,
    after: HOUR,
  } as const;
  const inKql = hostClause(subject, kql, ':');
  const inEsql = hostClause(subject, esql, '==');
  const whomInKql = sid === null ? inKql : writeKql`(${inKql} or user.id : ${sid})`;
  const whomInEsql = sid === null ? inEsql : writeEsql`(${inEsql} OR user.id == ${sid})`;
  return [
    search(subject, {
      ...asked,
      language: 'KQL',
      query: window => writeKql`${whomInKql} and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      language: 'ES|QL',
      query: window =>
        writeEsql`FROM .alerts-security.alerts-* | WHERE ${timeClause(window, 'AND')} AND ${whomInEsql} | KEEP @timestamp, kibana.alert.rule.name, kibana.alert.severity, kibana.alert.risk_score, kibana.alert.workflow_status, host.name, user.name, process.name | SORT @timestamp DESC | LIMIT 100`,
    }),
  ];
}

/** Who put the file there? */
export function fileOrigin(subject: Subject): QueryDraft[] {
  const file = fileOf(subject.alert);
  const name = file === null ? nameOf(subject.alert) : null;
  const caseless = written(subject.lacksDefendFields ? '' : '.caseless');
  const which: Query = !subject.facts.isCommand
    ? missing('not-a-command')
    : file !== null
      ? writeKql`file.path${caseless} : ${file}`
      : name !== null
        ? writeKql`file.name${caseless} : ${name}`
        : missing(noFileReason(subject.alert));
  const question = name === null ? 'file-origin' : 'file-origin-name';
  return [
    search(subject, {
      name: 'file-origin',
      question: subject.lacksDefendFields ? `${question}-other` : question,
      language: 'KQL',
      index: indexOf(subject, 'file'),
      before: 30 * DAY,
      after: HOUR,
      query: window => writeKql`${hostClause(subject, kql, ':')} and ${which} and ${timeClause(window)}`,
    }),
  ];
}

/** Did another machine call? Only for writes through WMI. */
export function remote(subject: Subject): QueryDraft[] {
  const { facts } = subject;
  if (!isWmiWrite(facts)) return [];
  const asked = { name: 'remote', language: 'KQL', before: 5 * MINUTE, after: 5 * MINUTE } as const;
  const host = hostClause(subject, kql, ':');
  const hostName: Query =
    facts.hostName === null ? missing('no-host') : writeKql`host.name : ${facts.hostName}`;
  const logons = search(subject, {
    ...asked,
    question: 'remote-logons',
    index: 'logs-system.security-*',
    query: window =>
      writeKql`${hostName} and event.code : "4624" and winlog.logon.type : "Network" and ${timeClause(window)}`,
  });
  const ports = 'destination.port : (135 or 5985 or 5986)';
  // Only Elastic Defend records what WMI itself saw, and other products represent incoming connections differently.
  if (subject.lacksDefendFields)
    return [
      logons,
      search(subject, {
        ...asked,
        question: 'remote-connections',
        index: indexOf(subject, 'network'),
        query: window =>
          writeKql`${host} and event.category : "network" and ${written(ports)} and ${timeClause(window)}`,
      }),
    ];
  return [
    search(subject, {
      ...asked,
      question: 'remote-wmi',
      index: 'logs-endpoint.events.api-*',
      query: window =>
        writeKql`${host} and event.provider : "Microsoft-Windows-WMI-Activity" and ${timeClause(window)}`,
    }),
    search(subject, {
      ...asked,
      question: 'remote-connections',
      index: indexOf(subject, 'network'),
      query: window =>
        writeKql`${host} and event.action : "connection_accepted" and ${written(ports)} and ${timeClause(window)}`,
    }),
    logons,
  ];
}

const SID = /^S-1-\d{1,3}(-\d{1,10}){1,14}$/i;

/** Whose hive is it? Only for text in the form of a SID. */
export function whoIsSid(subject: Subject): QueryDraft[] {
  return [
    {
      name: 'who-is-sid',
      question: 'who-is-sid',
      language: 'PowerShell',
      index: null,
      when: 'on-host',
      query: nameOfOwner(subject),
    },
  ];
}

function nameOfOwner({ facts: { owner, registry } }: Subject): Query {
  const sid = owner.sid?.replace(/_classes$/i, '') ?? '';
  switch (owner.kind) {
    case 'machine':
      return missing('no-owner');
    case 'system':
    case 'local-service':
    case 'network-service':
      return missing('well-known-owner');
    case 'mounted':
      return missing(registry.root === 'other' ? 'other-root' : 'mounted-hive');
    default:
      return SID.test(sid)
        ? writePowerShell`([Security.Principal.SecurityIdentifier]${sid}).Translate([Security.Principal.NTAccount]).Value`
        : missing('mounted-hive');
  }
}
