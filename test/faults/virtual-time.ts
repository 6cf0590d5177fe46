import type { Clock } from './world.ts';

/** A clock for several processes: it stops until all of them wait, then goes on to the next one's time. */
export type VirtualTime = Clock & {
  /** Runs until nobody waits any more. */
  readonly run: () => Promise<void>;
};

type Waiting = { readonly at: number; readonly resolve: () => void };

export function virtualTime(startMs: number): VirtualTime {
  /** Few at any time, by their time. */
  const waiting: Waiting[] = [];
  let now = startMs;
  return {
    now: () => now,
    sleep: ms =>
      new Promise(resolve => {
        const at = now + Math.max(0, ms);
        waiting.splice(waiting.findLastIndex(one => one.at <= at) + 1, 0, { at, resolve });
      }),
    run: async () => {
      await drained();
      while (waiting[0]) {
        now = waiting[0].at;
        while (waiting[0]?.at === now) waiting.shift()!.resolve();
        await drained();
      }
    },
  };
}

/** Until every promise that can go on has gone on. */
function drained(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
