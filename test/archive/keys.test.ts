import { describe, expect, it } from 'vitest';
import { hashOf, keys, noticeIdOf, objectIdOf, topicHashOf } from '../../functions/alert/archive/keys.ts';
import { sha256 } from '../faults/journey.ts';
import { scene } from '../publish/scene.ts';

describe('keys', () => {
  it('are those of the archives in use', () => {
    const [id, rules, hour, day] = ['5e1f0a', '0123456789abcdef01', '2026-11-24T03', '2026-11-24'];
    expect([
      keys.alert(id),
      keys.report(id),
      keys.receipt(id, '77aa'),
      keys.excepted(id, rules),
      keys.overflow(id, rules),
      keys.quarantine(id),
      keys.notice(id),
      keys.scanned(id),
      keys.slot(hour, 'new', 7),
      keys.claim(hour, id),
      keys.toldHost(hour, '77aa'),
      keys.held(keys.heldRun('spring'), id, 1),
      keys.heldHours('0042', hour),
      keys.summary(hour, '10-5e'),
      keys.digestClaim(hour),
      keys.heldHour(id, 2),
      keys.told(day, '77aa', 'bb'),
      keys.shapeSlot(day, 3),
      keys.seen('dd', '77aa'),
      keys.thread('ee', '0042'),
    ]).toEqual([
      'alerts/5e/5e1f0a.json',
      'reports/5e/5e1f0a.html',
      'receipts/5e/5e1f0a/77aa',
      'excepted/5e/5e1f0a-0123456789abcdef.ndjson.gz',
      'overflow/5e/5e1f0a-0123456789abcdef.ndjson.gz',
      'quarantine/5e/5e1f0a.json',
      'quarantine/5e/5e1f0a.notice.json',
      'scanned/5e1f0a.json',
      'told/2026-11-24T03/slots/new-0000007',
      'told/2026-11-24T03/claims/5e1f0a',
      'told/2026-11-24T03/hosts/77aa',
      'told/backfill-spring/held/5e1f0a-1.json',
      'told/held-hours/0042-2026-11-24T03',
      'told/2026-11-24T03/summary/10-5e.json',
      'told/2026-11-24T03/digest.json',
      'overflow/5e/5e1f0a.held-2.json',
      'told/2026-11-24/77aa/bb',
      'told/2026-11-24/shapes/3.json',
      'seen/dd/77aa',
      'seen/thread-ee/0042',
    ]);
    const inFolder = [
      [keys.held(hour, id, 1), keys.heldFolder(hour)],
      [keys.heldHours('0042', hour), keys.heldHoursFolder()],
      [keys.summary(hour, '10'), keys.summaryFolder(hour)],
      [keys.told(day, 'aa', 'bb'), keys.toldFolder(day, 'aa')],
      [keys.thread('ee', '1'), keys.threadFolder('ee')],
      [keys.seen('dd', 'aa'), keys.seenFolder('dd')],
    ];
    for (const [key, folder] of inFolder) expect(key!.startsWith(folder!)).toBe(true);
  });

  it('are made of ids alone', async () => {
    const { world, deliver } = scene();
    const evil = '../CANARY\n';
    await deliver(
      {
        key: evil,
        alerts: [
          { name: 'a', host: evil, path: evil, data: evil, requester: evil },
          { name: 'b', host: evil },
        ],
        hasDigest: true,
        isDamaged: true,
      },
      { perHour: 1 },
    );
    for (const key of world.objects.keys()) expect(key).toMatch(/^[a-z]+\/[A-Za-z0-9/.:-]+$/);
  });

  it('of an object differ by version, or by ETag where there is none', () => {
    const id = (versionId: string | null, etag: string | null) =>
      objectIdOf(sha256, { bucket: 'b', key: 'k', versionId, etag });
    expect(id('1', 'x')).toBe(id('1', 'y'));
    expect(id(null, '"x"')).toBe(id('null', 'x'));
    expect(new Set([id('1', null), id('2', null), id(null, 'x'), id(null, 'y')]).size).toBe(4);
  });

  it('of notices differ by kind and facts', () => {
    expect(noticeIdOf(sha256, 'held', 'ab', 'c')).not.toBe(noticeIdOf(sha256, 'held', 'a', 'bc'));
    expect(topicHashOf(sha256, 'a')).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differ for lists of which one has an unpaired surrogate, and keep the ids of all others', () => {
    const formerly = (parts: readonly string[]) =>
      sha256(
        parts.map(part => `${part.length}:${part.isWellFormed() ? part : JSON.stringify(part)}`).join(''),
      );
    const [one, other] = [['\ud800zz5:abcd'], ['"\\ud800zz', 'abcd"']];
    expect(formerly(one)).toBe(formerly(other));
    expect(hashOf(sha256, one)).not.toBe(hashOf(sha256, other));
    expect(hashOf(sha256, ['a', '中', ''])).toBe(formerly(['a', '中', '']));
  });
});
