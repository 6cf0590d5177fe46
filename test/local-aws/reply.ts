import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fault, ofKind } from './faults.ts';

/** Bytes of known length, made as they are sent. */
type Stream = { readonly size: number; readonly chunks: AsyncIterable<Uint8Array> };

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Stream;
};

/** What the faults of a body need from outside. */
export type BodyEffects = {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  swap(body: Uint8Array | string): Promise<void>;
  remove(): void;
};

/** Sends the answer, with what the faults make of its body. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  faults: readonly Fault[],
  effects: BodyEffects,
): Promise<void> {
  const gone = new AbortController();
  // Without a reason each makes a DOMException with a stack, a second of the tests in all.
  response.once('close', () => gone.abort('closed'));
  if (request.destroyed && !request.complete) return;
  const { size, chunks } = streamOf(reply.body ?? '');
  const truncation = ofKind(faults, 'truncate');
  const isShort = truncation !== undefined && truncation.at < size;
  if (ofKind(faults, 'stall') && size === 0) return aborted(gone.signal);

  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (isShort && truncation.clean) response.setHeader('content-length', truncation.at);
  else if (reply.status !== 204 && reply.status !== 304 && !response.hasHeader('content-length')) {
    response.setHeader('content-length', size);
  }
  response.writeHead(reply.status);
  if (request.method === 'HEAD') return void response.end();
  response.flushHeaders();
  for await (const chunk of distort(chunks, faults, effects, gone.signal)) {
    if (gone.signal.aborted) return;
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal }).catch(() => {});
  }
  if (gone.signal.aborted) return;
  if (ofKind(faults, 'reset')) request.socket.resetAndDestroy();
  else if (isShort && !truncation.clean) request.socket.end();
  else response.end();
}

function streamOf(body: string | Uint8Array | Stream): Stream {
  if (typeof body === 'object' && 'chunks' in body) return body;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { size: bytes.length, chunks: single(bytes) };
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

async function* distort(
  chunks: AsyncIterable<Uint8Array>,
  faults: readonly Fault[],
  effects: BodyEffects,
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const slow = ofKind(faults, 'slow');
  const marks = faults
    .flatMap(fault => ('at' in fault && fault.at !== undefined ? [{ fault, at: fault.at }] : []))
    .sort((a, b) => a.at - b.at);
  let sent = 0;
  for await (let chunk of chunks) {
    let from = 0;
    while (marks[0] && marks[0].at < sent + chunk.length) {
      const { fault, at } = marks.shift()!;
      if (at - sent > from) yield chunk.subarray(from, at - sent);
      from = at - sent;
      if (fault.kind === 'truncate' || fault.kind === 'reset') return;
      if (fault.kind === 'stall') return aborted(gone);
      if (fault.kind === 'swapObject') await effects.swap(fault.body);
      if (fault.kind === 'deleteObject') effects.remove();
      if (fault.kind === 'flip') {
        chunk = Buffer.from(chunk);
        chunk[from]! ^= 1 << (fault.bit ?? 0);
      }
    }
    if (slow) yield* trickle(chunk.subarray(from), slow.bytesPerSecond, effects, gone);
    else yield chunk.subarray(from);
    sent += chunk.length;
  }
}

async function* trickle(
  chunk: Uint8Array,
  bytesPerSecond: number,
  effects: BodyEffects,
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const piece = Math.max(1, Math.floor(bytesPerSecond / 10));
  for (let at = 0; at < chunk.length && !gone.aborted; at += piece) {
    yield chunk.subarray(at, at + piece);
    await effects.sleep((piece / bytesPerSecond) * 1000, gone);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
