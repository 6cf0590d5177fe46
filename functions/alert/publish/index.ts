/** The entry point of publishing: alerts and notices to their topics. */

export { TEST_PREFIX } from './canary-notices.ts';
export { type DeliverPorts, deliver, type Scanned, scanReserveMs } from './deliver.ts';
export { makePace, makePublish, type SendPublish } from './topic.ts';
