/** The entry point of publishing: alerts and notices to their topics. */

export { TEST_PREFIX } from './canary-notices.ts';
export { deliver } from './deliver.ts';
export { heldDigests, type PublishHeldDigest } from './held-digest.ts';
export { type DeliverPorts, type ScanResult, scanReserveMs } from './job.ts';
export { makePace, makePublish, type SendPublish } from './topic.ts';
