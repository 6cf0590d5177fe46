import { MATCH } from '../ruleset/rule-folder.ts';

/** A service whose program is set, as Elastic Defend records it. */
export type Write = {
  readonly host: string;
  readonly hostId?: string;
  /** The program that asked for it, by its entity id; `null`: none is recorded. */
  readonly by: string | null;
  readonly service: string;
  /** Milliseconds UTC, or the text of the event. */
  readonly at: number | string;
  readonly program?: string;
  /** Entity id of the process that wrote; `null`: none. */
  readonly writer?: string | null;
};

/** One line of a log. */
export function lineOf(write: Write): string {
  const { host, hostId = `id-of-${host}`, by, service, at, program = 'C:\\a.exe', writer = 'writer' } = write;
  const event = JSON.parse(MATCH[0]!);
  const key = `SYSTEM\\ControlSet001\\Services\\${service}`;
  event['@timestamp'] = event.event.created = typeof at === 'string' ? at : new Date(at).toISOString();
  Object.assign(event.host, { id: hostId, name: host, hostname: host });
  if (by === null) delete event.Effective_process;
  else event.Effective_process.entity_id = by;
  if (writer === null) delete event.process.entity_id;
  else event.process.entity_id = writer;
  const data = { strings: [program], type: 'REG_EXPAND_SZ' };
  event.registry = { hive: 'HKLM', key, value: 'ImagePath', path: `HKLM\\${key}\\ImagePath`, data };
  return `${JSON.stringify(event)}\n`;
}

/** The service that a line or an archived event names. */
export const serviceOf = ({ registry }: { readonly registry: { readonly key: string } }): string =>
  registry.key.split('\\').at(-1)!;
