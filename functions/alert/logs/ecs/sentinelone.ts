import type { JsonObject } from '../json.ts';
import { type Fields, integerOf, isoOf, listOf, member, textOf } from './ecs-document.ts';
import { argumentFields } from './windows-arguments.ts';

/**
 * A record of Cloud Funnel 2.0: flat, with dots in its keys. `event.category` and `event.type` are also names of
 * ECS, so this is checked before anything reads a dotted key as a path.
 */
export function isCloudFunnel(record: JsonObject): boolean {
  if (!Object.hasOwn(record, 'event.category') && !Object.hasOwn(record, 'event.type')) return false;
  return (
    member(record, 'dataSource.name') === 'SentinelOne' ||
    (member(record, 'i.scheme') === 'edr' && Object.hasOwn(record, 'agent.uuid')) ||
    (Object.hasOwn(record, 'meta.event.name') && Object.hasOwn(record, 'src.process.uid'))
  );
}

const ACTIONS: Readonly<Record<string, string>> = {
  REGVALUECREATE: 'creation',
  REGKEYCREATE: 'creation',
  REGVALUEMODIFIED: 'modification',
  REGVALUEDELETE: 'deletion',
  REGKEYDELETE: 'deletion',
};

/** Maps a record of Cloud Funnel as elastic/integrations `sentinel_one_cloud_funnel.event` does. */
export function cloudFunnelFields(record: JsonObject): Fields {
  const text = (name: string): string | undefined => textOf(member(record, name));
  const category = text('event.category');
  const isProcess = category === 'process';
  const isRegistry = category === 'registry';
  const system = text('endpoint.os');
  const ms = integerOf(member(record, 'event.time'));
  return {
    '@timestamp': typeof ms === 'number' ? isoOf(ms) : undefined,
    'event.kind': 'event',
    'event.id': text('event.id'),
    'event.category': isRegistry || isProcess ? [category] : undefined,
    'event.type': isProcess ? ['start'] : isRegistry ? listOf(typeOf(text('event.type'))) : undefined,
    'event.action': isProcess ? ['start'] : listOf(ACTIONS[text('meta.event.name') ?? '']),
    'host.id': text('agent.uuid'),
    'host.hostname': text('endpoint.name'),
    'host.type': text('endpoint.type'),
    'host.os.type': system,
    'host.os.platform': system,
    'host.os.name': text('os.name'),
    ...processFields(text, isProcess ? 'tgt.process' : 'src.process', 'process'),
    ...processFields(text, isProcess ? 'src.process' : 'src.process.parent', 'process.parent'),
    ...(isRegistry ? registryFields(text) : {}),
  };
}

function typeOf(type = ''): string | undefined {
  const folded = type.toLowerCase();
  if (folded.includes('create')) return 'creation';
  if (folded.includes('delet')) return 'deletion';
  return folded.includes('change') || folded.includes('modif') ? 'change' : undefined;
}

function processFields(text: (name: string) => string | undefined, from: string, to: string): Fields {
  const of = (name: string): string | undefined => text(`${from}.${name}`);
  const line = of('cmdline');
  const isSubject = from === 'src.process' && to === 'process';
  return {
    [`${to}.name`]: of('name'),
    [`${to}.executable`]: of('image.path'),
    [`${to}.command_line`]: line,
    ...argumentFields(to, line),
    [`${to}.pid`]: integerOf(of('pid')),
    [`${to}.entity_id`]: of('uid'),
    [`${to}.user.name`]: of('user'),
    [`${to}.code_signature.exists`]:
      isSubject && of('signedStatus') ? of('signedStatus') === 'signed' : undefined,
    [`${to}.code_signature.subject_name`]: isSubject ? of('publisher') : undefined,
    [`${to}.code_signature.trusted`]:
      isSubject && of('verifiedStatus') ? of('verifiedStatus') === 'verified' : undefined,
  };
}

/** Split at the last backslash, even if the path is that of a key. */
function registryFields(text: (name: string) => string | undefined): Fields {
  const path = text('registry.keyPath');
  const cut = path?.lastIndexOf('\\') ?? -1;
  return {
    'registry.path': path,
    'registry.key': path?.slice(0, Math.max(cut, 0)) || undefined,
    'registry.value': path?.slice(cut + 1) || undefined,
    'registry.data.strings': text('registry.value'),
    'registry.data.type': text('registry.valueType'),
  };
}
