import { keys, noticeIdOf, objectIdOf } from '../../functions/alert/archive/keys.ts';
import type { Alert } from '../../functions/alert/detection/index.ts';
import type { ScanResult } from '../../functions/alert/publish/job.ts';
import { sha256 } from './journey.ts';
import { TOPICS, type World } from './world.ts';

export type Verdict = {
  /** Messages that nobody got and that nothing accounts for. */
  readonly lost: readonly string[];
  readonly duplicates: number;
};

/**
 * What an acknowledged object owes: each alert published, or like one that was published, or held under a notice that was sent;
 * each notice sent or held so; its damage and its ledger on record.
 */
export function evaluate(
  world: World,
  scanned: ScanResult,
  isOwed: (alert: Alert) => boolean = () => true,
): Verdict {
  const lost: string[] = [];
  const objectId = objectIdOf(sha256, scanned.object);
  const to = (topicArn: string) => world.published.filter(message => message.topicArn === topicArn);
  const told = new Set(to(TOPICS.alerts).flatMap(({ carries }) => carries));
  const alerts = scanned.incidents.flatMap(incident => incident.alerts);
  const held = heldIn(world, objectId, told);
  const likeTold = (alert: Alert): boolean =>
    alerts.some(other => told.has(other.id) && printOf(other) === printOf(alert));

  for (const [index, alert] of alerts.entries()) {
    const { id } = alert;
    if (isOwed(alert) && !told.has(id) && !held.has(id) && !likeTold(alert)) lost.push(`alert ${index}`);
    if (!isOwed(alert) && told.has(id)) lost.push(`the quiet of repeat ${index}`);
    if (!world.objects.has(keys.alert(id))) lost.push(`archive of alert ${index}`);
  }
  for (const { id, kind } of scanned.notices) {
    if (!told.has(id) && !held.has(id)) lost.push(kind);
  }
  if (scanned.outcome === 'quarantined' && !world.objects.has(keys.quarantine(objectId)))
    lost.push('quarantine record');
  if (!world.objects.has(keys.scanned(objectId))) lost.push('ledger');
  return { lost, duplicates: repeatedIn(world) };
}

/** Messages that carry something which an earlier one to the same topic carried. */
function repeatedIn({ published }: World): number {
  const seen = new Set<string>();
  return published.filter(({ topicArn, carries }) => {
    const names = carries.map(id => `${topicArn} ${id}`);
    const isRepeated = names.some(name => seen.has(name));
    for (const name of names) seen.add(name);
    return isRepeated;
  }).length;
}

/** Ids that a list of held ones names, under an hour or a backfill whose notice was sent. */
function heldIn({ objects }: World, objectId: string, told: ReadonlySet<string>): Set<string> {
  const ids = new Set<string>();
  for (const [key, { body }] of objects) {
    const hour = /^told\/([^/]+)\/held\/(.+)-\d+\.json$/.exec(key);
    if (hour?.[2] !== objectId || !told.has(noticeOf(hour[1]!))) continue;
    for (const id of (JSON.parse(body) as { readonly ids: readonly string[] }).ids) ids.add(id);
  }
  return ids;
}

function noticeOf(hour: string): string {
  const run = /^backfill-(.+)$/.exec(hour)?.[1];
  return run === undefined ? noticeIdOf(sha256, 'held', hour) : noticeIdOf(sha256, 'backfill', run);
}

function printOf({ rule, facts }: Alert): string {
  return JSON.stringify([
    rule.id,
    facts.hostId,
    facts.registry.path,
    facts.registry.data,
    facts.requester.executable,
  ]);
}
