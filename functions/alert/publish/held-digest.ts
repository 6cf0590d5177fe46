import {
  type Archive,
  firstOpenHour,
  type HeldInHour,
  heldHoursIn,
  inParallel,
  keys,
  noticeIdOf,
  receiptsIn,
} from '../archive/index.ts';
import { type DeliverPorts, LEAST_MS } from './job.ts';
import { AT_ONCE } from './persist-alerts.ts';
import { publishWithReceipt } from './publisher.ts';

/** Sends at most one digest of a past hour's held alerts. Returns whether it did. @throws DeliveryError */
export type PublishHeldDigest = (ports: DeliverPorts) => Promise<boolean>;

/** Alerts come first: with less time than this nothing is started, and a later execution does it. */
const BEGIN_MS = 60_000;
/** Reading ends with this much left, so that what was read is sent. */
const READ_UNTIL_MS = LEAST_MS + 15_000;

/**
 * Create it once for an environment: it remembers up to which hour every digest has its receipt, so that it reads
 * the archive once an hour, and more often only while another execution is sending. Claim, message, receipt: dying
 * between the last two repeats one message; dying earlier leaves it to the next execution when the claim has expired.
 */
export function heldDigests(): PublishHeldDigest {
  let settledBefore = '';
  return async ports => {
    const { archive, now, sha256 } = ports;
    const openHour = firstOpenHour(now());
    if (archive === null || settledBefore === openHour || ports.remainingMs() < BEGIN_MS) return false;
    const topic = ports.topics.alerts;
    const receipts = receiptsIn(archive, ports);
    const heldHours = heldHoursIn(archive, sha256, now, ports.warn);
    const hours = (await heldHours.due()).map(hour => ({
      hour,
      id: noticeIdOf(sha256, 'held-digest', hour),
    }));
    const isSent = await inParallel(hours, AT_ONCE, ({ id }) => receipts.has(id, topic));
    let isSettled = true;
    for (const { hour, id } of hours.filter((_, at) => !isSent[at])) {
      if (!(await heldHours.claim(hour))) {
        isSettled = false;
        continue;
      }
      // Another execution may have finished between the check and the claim.
      if (await receipts.has(id, topic)) continue;
      const held = await heldHours.collect(hour, () => ports.remainingMs() < READ_UNTIL_MS);
      if (held.logs === 0) continue;
      const message = ports.renderNotice({ id, ...digestOf(archive, hour, held) });
      await publishWithReceipt({ ports, receipts }, 'alerts', message, null, [id]);
      ports.count('NoticesPublished', 1);
      return true;
    }
    if (isSettled) settledBefore = openHour;
    return false;
  };
}

const digestOf = ({ bucket }: Archive, hour: string, held: HeldInHour) =>
  ({
    kind: 'held-digest',
    hour: `${hour}:00:00Z`,
    ...held,
    place: { bucket, key: keys.heldFolder(hour) },
  }) as const;
