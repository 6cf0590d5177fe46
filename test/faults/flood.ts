import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deliver } from '../../functions/alert/publish/deliver.ts';
import { makePace } from '../../functions/alert/publish/topic.ts';
import { sketchAlert, sketchScan } from './journey.ts';
import { virtualTime } from './virtual-time.ts';
import { type Line, makePorts, makeWorld, TOPICS, type World } from './world.ts';

export type FloodOptions = {
  readonly objects: number;
  readonly alertsEach: number;
  readonly hosts: number;
  /** Objects arrive evenly over so long. */
  readonly overMs: number;
  readonly perHour: number;
  readonly rate: number;
  readonly environments: number;
};

export type Flood = {
  readonly published: number;
  readonly held: number;
  readonly repeats: number;
  /** Held ids on the lists of the hours. */
  readonly listed: number;
  readonly heldNotices: number;
  readonly mostInASecond: number;
  readonly mostInAnHour: number;
  readonly emptyAfterMs: number;
  /** From the arrival of the one object of another host to its mail. */
  readonly newHostMs: number;
  /** Growth of the heap over the second half, beyond what the made-up services keep. */
  readonly heapGrowth: number;
  /** What the promise is not, as sentences. */
  readonly wrong: readonly string[];
};

const START = Date.UTC(2026, 10, 24, 2, 10);
/** What a request to S3 takes within a region, and a Publish. */
const S3_MS = 20;
const SNS_MS = 30;
/** Opening and reading a small object. */
const READ_MS = 80;

/** A burst of objects through a few environments, with everything but delivery itself made up. */
export async function flood(options: FloodOptions): Promise<Flood> {
  const { objects, alertsEach, hosts, overMs, perHour, rate, environments } = options;
  const time = virtualTime(START);
  const world = makeWorld(time, /^(alerts|seen|reports)\//);
  const line: Line = async (call, effect) => {
    await time.sleep(call.operation === 'publish' ? SNS_MS : S3_MS);
    return effect();
  };
  const sums = { published: 0, held: 0, repeats: 0 };
  const middle = Math.floor(objects / 2);
  const arrivalOf = (at: number) => START + Math.floor((at / objects) * overMs);
  let next = 0;
  let emptyAt = START;
  let heapAtMiddle = 0;
  let keptAtMiddle = 0;

  const work = async (): Promise<void> => {
    const pace = makePace(rate, time.now, time.sleep);
    while (next < objects) {
      const at = next++;
      if (at === middle) [heapAtMiddle, keptAtMiddle] = [heapNow(), keptBy(world)];
      await time.sleep(arrivalOf(at) - time.now());
      await time.sleep(READ_MS);
      const isNewHost = at === middle;
      const lastModified = new Date(arrivalOf(at)).toISOString();
      const alerts = Array.from({ length: isNewHost ? 1 : alertsEach }, (_, index) => ({
        name: `${at}-${index}`,
        host: isNewHost ? 'NEW' : `H${at % hosts}`,
      }));
      const result = sketchScan({ key: `object-${at}`, alerts, lastModified });
      const delivered = await deliver(result, makePorts(world, line, { perHour }, pace));
      sums.published += delivered.published;
      sums.held += delivered.held;
      sums.repeats += delivered.repeats;
      emptyAt = Math.max(emptyAt, time.now());
    }
  };
  const workers = Promise.all(Array.from({ length: environments }, work));
  await time.run();
  await workers;

  const times = world.published.filter(({ topicArn }) => topicArn === TOPICS.alerts).map(({ at }) => at);
  const newHost = sketchAlert({ name: `${middle}-0`, host: 'NEW' }, '').id;
  const result = {
    ...sums,
    listed: listedIn(world.objects),
    heldNotices: world.published.filter(({ kind }) => kind === 'held').length,
    mostInASecond: mostWithin(times, 1_000),
    mostInAnHour: mostWithin(times, 3_600_000),
    emptyAfterMs: emptyAt - START,
    newHostMs: (world.published.find(({ id }) => id === newHost)?.at ?? Number.NaN) - arrivalOf(middle),
    heapGrowth: heapNow() - heapAtMiddle - (keptBy(world) - keptAtMiddle),
  };
  return { ...result, wrong: wrongOf(result, options) };
}

function wrongOf(
  result: Omit<Flood, 'wrong'>,
  { objects, alertsEach, perHour, rate, environments }: FloodOptions,
): string[] {
  const alerts = (objects - 1) * alertsEach + 1;
  const accounted = result.published + result.held + result.repeats;
  const claims: readonly (readonly [boolean, string])[] = [
    [accounted === alerts, `${accounted} of ${alerts} alerts are accounted for`],
    [result.listed === result.held, `${result.listed} are listed of ${result.held} held`],
    [result.mostInASecond <= rate * environments, `${result.mostInASecond} messages in a second`],
    [result.mostInAnHour <= perHour + 1, `${result.mostInAnHour} messages in an hour`],
    [result.emptyAfterMs <= 60 * 60_000, `the queue was empty after ${result.emptyAfterMs} ms`],
    [result.newHostMs <= 120_000, `a new host was reported after ${result.newHostMs} ms`],
    [result.heapGrowth <= 32 * 1024 * 1024, `the heap grew by ${result.heapGrowth} bytes`],
  ];
  return claims.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

/** Roughly what the maps of the world weigh. */
function keptBy({ objects, published }: World): number {
  let bytes = published.length * 200;
  for (const [key, { body }] of objects) bytes += key.length + body.length + 250;
  return bytes;
}

function listedIn(objects: ReadonlyMap<string, { readonly body: string }>): number {
  let count = 0;
  for (const [key, { body }] of objects)
    if (/^told\/[^/]+\/held\//.test(key)) count += (JSON.parse(body) as { ids: string[] }).ids.length;
  return count;
}

/** Most times within any window, both ends in. */
export function mostWithin(times: readonly number[], windowMs: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [to, time] of sorted.entries()) {
    while (time - sorted[from]! > windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

function heapNow(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
