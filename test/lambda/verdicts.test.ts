import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../functions/alert/archive/ledger.ts';
import { day, exceptionFor, MATCH, matchWith, QUIET, repeatOf } from './events.ts';
import {
  ARCHIVE,
  CANARIES,
  type Door,
  FOLDER,
  LOGS,
  notificationOf,
  openDoor,
  withAws,
  withRules,
} from './invoke.ts';

const [one, two, three] = [MATCH[0]!, MATCH[1]!, MATCH[2]!];
const ahead = { created: day(-10), expires: day(10) };
const past = { created: day(-100), expires: day(-10) };
const json = async <T>({ aws }: Door, key: string): Promise<T> =>
  JSON.parse((await aws.s3.read(ARCHIVE, key)).toString()) as T;

/** A door over a rule with these exceptions. */
async function withExceptions(
  exceptions: string,
  story: (open: () => Door) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  await withAws(aws =>
    withRules({ exceptions }, directory => story(() => openDoor(aws, settings, directory))),
  );
}

describe('what an exception accepts', () => {
  const exceptions = exceptionFor(one, 'inventory', ahead) + exceptionFor(two, 'updater', ahead);

  it('is not told, and is counted by the exception in the log, the ledger and the archive', async () => {
    await withExceptions(exceptions, async open => {
      const door = open();
      await door.send('a', [one, repeatOf(one), two, three].join('\n'));
      const exceptedBy = { inventory: 2, updater: 1 };

      expect(door.told('alerts')).toEqual(['alert']);
      expect(door.archived('alerts')).toHaveLength(1);
      expect(door.lines('scan.finished')).toMatchObject([
        { exceptedBy, counts: { matches: 4, excepted: 3 } },
      ]);
      expect(await json<LedgerEntry>(door, door.archived('scanned')[0]!)).toMatchObject({ exceptedBy });
      const [kept, ...others] = door.archived('excepted');
      expect(others).toEqual([]);
      const lines = gunzipSync(await door.aws.s3.read(ARCHIVE, kept!))
        .toString()
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { exception: string; event: { host: object } });
      expect(lines.map(({ exception }) => exception)).toEqual(['inventory', 'inventory', 'updater']);
      expect(lines[2]!.event).toEqual(JSON.parse(two));
    });
  });

  it('is told where the object was uploaded after the end', async () => {
    await withExceptions(exceptions, async open => {
      const door = open();
      await door.send('before', one);
      await door.send('after', one, { lastModified: Date.now() + 11 * 86_400_000 });
      expect(door.told('alerts')).toEqual(['alert']);
      expect(door.lines('scan.finished').map(({ counts }) => counts?.['excepted'])).toEqual([1, 0]);
    });
  });
});

describe('an exception that has ended', () => {
  const exceptions = exceptionFor(one, 'inventory', past);
  const linesOf = (door: Door) =>
    door.lines('function.started').filter(({ note }) => /ended/.test(note ?? ''));

  it('accepts nothing, and is a line, a metric and one notice', async () => {
    await withExceptions(exceptions, async open => {
      const [first, second] = [open(), open()];
      await first.send('a', one);
      await second.send('b', QUIET[0]!);
      expect(first.told('alerts')).toEqual(['alert']);
      expect(first.told('operations')).toEqual(['expired-exception']);
      for (const door of [first, second]) {
        expect(linesOf(door)).toMatchObject([
          { level: 'warn', note: expect.stringMatching(/^exception inventory of persistence.* ended 20/) },
        ]);
        expect(door.metrics()).toContainEqual(
          expect.objectContaining({ metric: 'ExceptionsExpired', dimension: FOLDER, value: 1 }),
        );
      }
    });
  });

  it('waits for an object that is neither a canary nor of a quiet backfill', async () => {
    await withExceptions(exceptions, async open => {
      const door = open();
      await door.send('canary', one, { bucket: CANARIES });
      await door.send('old', QUIET[0]!, quiet(door));
      expect(door.told('operations')).toEqual(['canary']);
      await door.send('a', QUIET[0]!);
      await door.send('b', QUIET[0]!);
      expect(door.told('operations')).toEqual(['canary', 'expired-exception']);
    });
  });

  it('is a line and no notice where no receipt could keep it from coming again', async () => {
    await withExceptions(
      exceptions,
      async open => {
        const door = open();
        await door.send('a', QUIET[0]!);
        expect([linesOf(door).length, door.told('operations')]).toEqual([1, []]);
      },
      { ARCHIVE_BUCKET: '' },
    );
  });
});

/** How a backfill sends that holds all it finds. */
function quiet({ aws }: Door) {
  return {
    queue: `arn:aws:sqs:${aws.region}:${aws.account}:registry-alert-backfill`,
    mark: { 'registry-alert': { backfill: 'run-1', notify: false } },
  };
}

describe('what is no alert and is told', () => {
  const other = matchWith({ data_stream: { type: 'logs', dataset: 'other', namespace: 'default' } });

  it('are documents of another index, in one notice', async () => {
    await withAws(async aws => {
      const door = openDoor(aws);
      await door.send('a', [QUIET[0]!, other, other].join('\n'));
      expect(door.told('alerts')).toEqual(['other-index']);
      expect(door.sum('OtherIndex')).toBe(2);
      expect(door.archived('alerts')).toEqual([]);
      expect(await json<object>(door, door.archived('quarantine')[0]!)).toMatchObject({
        kind: 'notice',
        notice: 'other-index',
        count: 2,
        first: { record: 2 },
      });
    });
  });

  it('are skipped records that name a literal of a rule, in one notice', async () => {
    await withAws(async aws => {
      const door = openDoor(aws);
      await door.send('a', [one, '{"broken WMIPRVSE.exe', QUIET[0]!, '{"broken wmiprvse.EXE'].join('\n'));
      expect(door.told('alerts')).toEqual(['alert', 'suspicious-record']);
      expect(door.sum('SuspiciousRecords')).toBe(2);
      expect(await json<object>(door, door.archived('quarantine')[0]!)).toMatchObject({
        notice: 'suspicious-record',
        count: 2,
        records: [{ record: 2 }, { record: 4 }],
      });
    });
  });
});

describe('metrics of objects', () => {
  it('are of real ones alone: a canary counts as a canary', async () => {
    await withAws(async aws => {
      const door = openDoor(aws);
      await door.send('2026-11-24T02:45:00Z', one, { bucket: CANARIES });
      expect(
        door
          .metrics()
          .map(({ metric }) => metric)
          .sort(),
      ).toEqual(['CanaryLateSeconds', 'CanarySeen', 'ScanMilliseconds']);
    });
  });

  it('ring no alarm of a flood for a quiet backfill', async () => {
    await withAws(aws =>
      withRules({ maxSignals: 2 }, async directory => {
        const door = openDoor(aws, {}, directory);
        await door.send('old', MATCH.slice(0, 6).join('\n'), quiet(door));
        expect(door.told('alerts')).toEqual(['backfill']);
        expect([door.sum('MatchesFound'), door.sum('AlertsOverflow'), door.sum('AlertsHeld')]).toEqual([
          6,
          null,
          null,
        ]);
      }),
    );
  });
});

describe('a message that says it is of a backfill', () => {
  it('is published singly where its queue does not know it', async () => {
    await withAws(async aws => {
      const door = openDoor(aws);
      await door.send('old', one, { ...quiet(door), isForged: true });
      expect(door.told('alerts')).toEqual(['alert']);
      expect(door.lines('backfill.unconfirmed')).toHaveLength(1);
    });
  });
});

describe('an object that comes again', () => {
  it('is known, code AlreadyScanned, and is not read', async () => {
    await withAws(async aws => {
      const door = openDoor(aws);
      await door.send('a', one);
      aws.calls.clear();
      await door.invoke(notificationOf(aws, LOGS, 'a'), { attempt: 2 });
      expect(door.lines('scan.skipped')).toMatchObject([{ code: 'AlreadyScanned', attempt: 2 }]);
      expect(aws.calls.of('GetObject').filter(({ bucket }) => bucket === LOGS)).toEqual([]);
      expect(door.told('alerts')).toEqual(['alert']);
    });
  });
});
