import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReadCode } from '../../functions/alert/logs/damage.ts';
import type { SkipCode } from '../../functions/alert/logs/skips.ts';
import { essence, event, ids, ndjson, type Reading, type ReadingOptions, read } from './reading.ts';

export const one = ndjson([event(1)]);
export const two = ndjson([event(1), event(2)]);
export const CHUNKS = [1, 2, 5, 1000, undefined];

/** A hostile log, and what reading it comes to; `id` is its row in the table of hostile inputs. */
export type Row = {
  readonly id: string;
  readonly what: string;
  readonly bytes: () => Buffer | string | Promise<Buffer>;
  /** Ids of the events; `undefined`: any. */
  readonly events?: readonly unknown[];
  /** Whether they may be more. */
  readonly code?: ReadCode | null;
  readonly skipped?: Partial<Record<SkipCode, number>>;
  readonly options?: ReadingOptions;
  readonly also?: (reading: Reading) => void;
};

export const gz = (text: string | Buffer): Buffer => gzipSync(text);
export const zst = (text: string | Buffer, checksum = true): Buffer =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } });
export const joined = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)));

export const line = (json: string): string => `${one}${json}\n${ndjson([event(2)])}`;
export const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
export const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, key) => `"k${key}":1`).join()}}`;

/** The same answer however the bytes are cut. */
export function checkRows(name: string, rows: readonly Row[]): void {
  describe(`hostile input: ${name}`, () => {
    it.each(rows)('$id $what', async ({ bytes, events, code = null, skipped = {}, options = {}, also }) => {
      const input = await bytes();
      const whole = await read(input, options);
      for (const chunk of options.chunk ? [options.chunk, undefined] : CHUNKS) {
        const reading = await read(input, { ...options, chunk });
        expect(essence(reading)).toEqual(essence(whole));
      }
      if (events) expect(ids(whole)).toEqual(events);
      expect(whole.report).toMatchObject({ outcome: code ? 'quarantined' : 'complete', code });
      expect(whole.report.skipped).toMatchObject(skipped);
      const expected = Object.values(skipped).reduce((sum, count) => sum + count, 0);
      expect(Object.values(whole.report.skipped).reduce((sum, count) => sum + count)).toBe(expected);
      also?.(whole);
    });
  });
}
