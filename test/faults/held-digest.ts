import { noticeIdOf } from '../../functions/alert/archive/keys.ts';
import type { Notice } from '../../functions/alert/notification/index.ts';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import { heldDigests } from '../../functions/alert/publish/held-digest.ts';
import type { Scenario } from './enumerate.ts';
import { type AlertSketch, sha256, sketchScan } from './journey.ts';
import { evaluate } from './verdict.ts';
import { type Line, makePorts, messageOf, TOPICS, type World } from './world.ts';

const DIGEST = noticeIdOf(sha256, 'held-digest', '2026-11-24T02');
/** Two minutes after the digest of the hour is due. */
const AFTER = Date.UTC(2026, 10, 24, 3, 7);
/** Longer than the claim of an execution that died. */
const PAUSE_MS = 20 * 60_000;

/** Of a digest: how many alerts it counts, and how many are in its groups. */
const render = (notice: Notice) =>
  notice.kind === 'held-digest'
    ? messageOf(
        notice.id,
        `held-digest ${notice.alerts} ${notice.groups.reduce((sum, { count }) => sum + count, 0)}`,
      )
    : messageOf(notice.id, notice.kind);

const portsOf = (world: World, line: Line) => makePorts(world, line, { perHour: 1, renderNotice: render });

/** Executions after the hour, each in an environment of its own, as one for any object is. */
async function later(world: World, line: Line): Promise<void> {
  await world.clock.sleep(Math.max(0, AFTER - world.clock.now()));
  for (let execution = 0; execution < 3; execution++) {
    await heldDigests()(portsOf(world, line));
    await world.clock.sleep(PAUSE_MS);
  }
}

const listedIn = ({ objects }: World): string[] =>
  [...objects]
    .filter(([key]) => key.includes('/held/'))
    .flatMap(([, { body }]) => (JSON.parse(body) as { readonly ids: readonly string[] }).ids);

/** An object whose alerts are held but for one, and the executions that follow. */
function heldThenDigest(name: string, alerts: readonly AlertSketch[]): Scenario {
  const result = sketchScan({ key: name, alerts, isDamaged: true });
  return {
    name,
    attempt: async (world, line, attempt) => {
      await deliver({ ...result, attempt }, portsOf(world, line));
      await later(world, line);
    },
    evaluate: world => {
      const { lost, duplicates } = evaluate(world, result);
      const sent = world.published.filter(({ topicArn, id }) => topicArn === TOPICS.alerts && id === DIGEST);
      // A slot that was taken before a crash is lost, so that one more may be held than without faults.
      const held = listedIn(world).filter(id =>
        result.incidents.some(({ alerts: [{ id: own }] }) => own === id),
      );
      const isWhole = sent.some(({ kind }) => kind === `held-digest ${held.length} ${held.length}`);
      return { lost: isWhole ? lost : [...lost, 'the digest'], duplicates };
    },
  };
}

export const HELD_DIGESTS: readonly Scenario[] = [
  heldThenDigest('two alerts held, and the digest of their hour', [
    { name: 'a' },
    { name: 'b' },
    { name: 'c', host: 'H2' },
  ]),
];
