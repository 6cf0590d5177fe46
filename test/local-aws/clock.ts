import { setTimeout as wait } from 'node:timers/promises';

/** Time as the local AWS sees it, so that a test can pass an hour in no time. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export type VirtualClock = Clock & { advance(ms: number): void };

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}).catch(() => {}),
};

/** A clock that is stopped until it is advanced; sleepers wake in the order of their times. */
export function virtualClock(startMs: number): VirtualClock {
  let now = startMs;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise(wake => {
        if (ms <= 0 || signal?.aborted) wake();
        else sleepers.push({ at: now + ms, wake });
        signal?.addEventListener('abort', () => wake(), { once: true });
      }),
    advance(ms) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    },
  };
}
