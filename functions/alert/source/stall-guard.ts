import { DeliveryError } from '../observability/index.ts';
import type { ByteLimits } from './get-object.ts';

/** Called with the bytes that arrived and how long they were awaited. @throws DeliveryError `S3TooSlow` */
type Meter = (bytes: number, waitedMs: number) => void;

/**
 * Passes on a body, and gives up when nothing arrives for too long. Only waiting counts, never the time the reader
 * takes, during which a socket is silent too; that is why the socket itself is not watched.
 * @throws DeliveryError `S3Stalled`
 */
export async function* guardStalls(
  body: AsyncIterable<Uint8Array>,
  { silenceMs }: ByteLimits,
  meter: Meter,
  uri: string,
): AsyncGenerator<Uint8Array, void> {
  const iterator = body[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const asked = performance.now();
      const next = await within(silenceMs, iterator.next());
      if (next === 'late') throw new DeliveryError('S3Stalled', `${uri}: no data for ${silenceMs} ms`);
      isDone = next.done === true;
      if (next.done) return;
      meter(next.value.length, performance.now() - asked);
      yield next.value;
    }
  } finally {
    if (!isDone) abandon(body, iterator);
  }
}

/** Measures throughput over windows of waiting. */
export function throughputMeter({ leastBytesPerSecond, windowMs }: ByteLimits, uri: string): Meter {
  let bytes = 0;
  let waited = 0;
  return (length, waitedMs) => {
    bytes += length;
    waited += waitedMs;
    if (waited < windowMs) return;
    if (bytes * 1000 < leastBytesPerSecond * waited)
      throw new DeliveryError('S3TooSlow', `${uri}: ${bytes} bytes in ${Math.round(waited)} ms`);
    bytes = 0;
    waited = 0;
  };
}

/** A stalled stream does not answer `return()` before its pending `next()`: destroy it without waiting. */
function abandon(body: AsyncIterable<Uint8Array>, iterator: AsyncIterator<Uint8Array>): void {
  const { destroy } = body as { readonly destroy?: unknown };
  if (typeof destroy === 'function') destroy.call(body);
  iterator.return?.()?.catch(() => {});
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(resolve, ms, 'late');
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
