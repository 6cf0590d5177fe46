/** The entry point of the archive: its keys, and what is stored there. */

export { deferredIn } from './deferred.ts';
export { firstOpenHour, type HeldInHour, heldHoursIn } from './held-hours.ts';
export type { HeldItem } from './held-summary.ts';
export { historiesIn } from './history.ts';
export { inParallel } from './in-parallel.ts';
export { hashOf, keys, noticeIdOf, objectIdOf, type Sha256, topicHashOf } from './keys.ts';
export { isFinal, isFinished, type LedgerEntry, readLedger, writeLedger } from './ledger.ts';
export { type Overflow, overflowIn } from './overflow.ts';
export { rateLimiter } from './rate-limiter.ts';
export { type Receipts, receiptsIn } from './receipts.ts';
export { repeatsIn } from './repeats.ts';
export { type Archive, addressOf, type ContentType, hostHashOf, type Put, type Upload } from './store.ts';
export { type Continued, threadsIn } from './threads.ts';
