import { noticeIdOf } from '../archive/index.ts';
import type { Notice } from '../notification/index.ts';
import { DeliveryError } from '../observability/index.ts';
import type { Job } from './job.ts';

/** A canary whose key begins with this also sends the marked test message to people. */
export const TEST_PREFIX = 'test/';

/**
 * What a canary reports: that it arrived, and how late it was uploaded. @throws DeliveryError `CanaryFailed` without
 * its match
 */
export function canaryNotices({ result, objectId, ports }: Job): readonly Notice[] {
  const { object } = result;
  const { key, lastModified } = object;
  const alerts = result.incidents.reduce((sum, incident) => sum + incident.alerts.length, 0);
  if (alerts === 0)
    throw new DeliveryError('CanaryFailed', `s3://${object.bucket}/${key}: the canary matched no rule`);
  const scheduled = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/.exec(key)?.[0] ?? null;
  const lateMs = scheduled && lastModified ? Date.parse(lastModified) - Date.parse(scheduled) : Number.NaN;
  const isKnown = Number.isFinite(lateMs);
  const canary: Notice = {
    id: noticeIdOf(ports.sha256, 'canary', objectId),
    kind: 'canary',
    object,
    scheduled,
    lateMs: isKnown ? lateMs : null,
    alerts,
  };
  if (!key.startsWith(TEST_PREFIX)) return [canary];
  return [
    canary,
    { id: noticeIdOf(ports.sha256, 'test', objectId), kind: 'test', cause: 'schedule', at: scheduled },
  ];
}
