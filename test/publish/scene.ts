import { deliver } from '../../functions/alert/publish/deliver.ts';
import type { DeliverPorts } from '../../functions/alert/publish/job.ts';
import { type JourneySketch, sketchAlert, sketchScan } from '../faults/journey.ts';
import {
  type Call,
  jumpingClock,
  type Line,
  makePorts,
  makeWorld,
  TOPICS,
  type World,
} from '../faults/world.ts';

export const START = Date.UTC(2026, 10, 24, 2, 50);
const WHEN = '2026-11-24T02:48:10.000Z';
export const idOf = (name: string): string => sketchAlert({ name }, WHEN).id;

/** A world with a log of its calls, in which things can be delivered one after the other. */
export function scene() {
  const clock = jumpingClock(START);
  const world = makeWorld(clock);
  const calls: Call[] = [];
  const deliverThis = async (
    sketch: JourneySketch,
    options: Partial<DeliverPorts> = {},
    refuse?: (call: Call) => void,
  ) => {
    const line: Line = async (call, effect) => {
      calls.push(call);
      refuse?.(call);
      return effect();
    };
    return deliver(sketchScan(sketch), makePorts(world, line, options));
  };
  return { clock, world, calls, deliver: deliverThis };
}

/** What was sent, `kind` or the name of the alert, to the alert topic unless said otherwise. */
export function sent(
  { published }: World,
  names: readonly string[] = ['a', 'b', 'c', 'd', 'e', 'f'],
  topic: string = TOPICS.alerts,
): string[] {
  const nameOf = new Map(names.map(name => [idOf(name), name]));
  return published.filter(({ topicArn }) => topicArn === topic).map(({ id, kind }) => nameOf.get(id) ?? kind);
}

export const alerts = (...names: string[]) => names.map(name => ({ name }));
