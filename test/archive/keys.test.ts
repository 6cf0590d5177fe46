import { describe, expect, it } from 'vitest';
import { hashOf, noticeIdOf, objectIdOf, topicHashOf } from '../../functions/alert/archive/keys.ts';
import { sha256 } from '../faults/journey.ts';
import { scene } from '../publish/scene.ts';

describe('keys', () => {
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
