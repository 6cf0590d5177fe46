import type { Clock } from './world.ts';

/** A clock for several processes: it stands until all of them wait, then goes on to the next one's time. */
export type VirtualTime = Clock & {
  /** Runs until nobody waits any more. */
  readonly run: () => Promise<void>;
};

type Waiting = { readonly at: number; readonly resolve: () => void };

export function virtualTime(startMs: number): VirtualTime {
  const heap: Waiting[] = [];
  let now = startMs;
  return {
    now: () => now,
    sleep: ms => new Promise(resolve => push(heap, { at: now + Math.max(0, ms), resolve })),
    run: async () => {
      await drained();
      for (let next = pop(heap); next; next = pop(heap)) {
        now = next.at;
        next.resolve();
        while (heap[0] && heap[0].at === now) pop(heap)!.resolve();
        await drained();
      }
    },
  };
}

/** Until every promise that can go on has gone on. */
function drained(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function push(heap: Waiting[], item: Waiting): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]!.at <= item.at) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

function pop(heap: Waiting[]): Waiting | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
    if (heap[child]!.at >= last.at) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}
