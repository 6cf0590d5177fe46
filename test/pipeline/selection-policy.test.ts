import { describe, expect, it } from 'vitest';
import { select } from '../../functions/alert/pipeline/selection-policy.ts';
import { random, scale, seed } from '../scale.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

/** Matches as group letters, `a*100` a hundred of them; gives the positions (from 1) that are published singly, as runs. */
function told(most: number, ...parts: string[]): string {
  const groups = parts.flatMap(part => {
    const [group, count = '1'] = part.split('*');
    return Array.from({ length: Number(count) }, () => group!);
  });
  const selection = select<number>(most);
  for (const [at, group] of groups.entries()) selection.add(at + 1, group, at + 1);
  return runs(selection.result().told);
}

function runs(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}

describe('what is published one by one', () => {
  const rows: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing', [], ''],
    ['all, up to a hundred (H55)', ['a*100'], '1-100'],
    ['the first hundred of one group (H55)', ['a*101'], '1-100'],
    ['the real one after a hundred decoys (H56)', ['a*100', 'b'], '1-99 101'],
    ['the real one after a million decoys (H56)', ['a*1000000', 'b'], '1-99 1000001'],
    [
      'the first of twenty groups',
      ['a*80', ...Array.from({ length: 25 }, (_, n) => `g${n}*10`)],
      `1-81 ${Array.from({ length: 19 }, (_, n) => 91 + n * 10).join(' ')}`,
    ],
    ['a group of the first eighty is not new', ['b', 'a*99', 'b', 'c'], '1-99 102'],
  ];
  it.each(rows)('%s', (_, parts, expected) => expect(told(100, ...parts)).toBe(expected));
  it('three of four', () => expect(told(3, 'a*3', 'b')).toBe('1-2 4'));
  it('one', () => expect(told(1, 'a*3', 'b')).toBe('1'));
});

describe('what is counted', () => {
  it('is exact, and names the records that are not published', () => {
    const selection = select<string>(5);
    for (const [at, group] of ['a', 'a', 'a', 'b', 'a', 'a', 'c', 'a'].entries())
      selection.add(group, group, 10 + at);
    const { told, waited, total, firstRecord, lastRecord, groups, groupCount, restRecords } =
      selection.result();
    expect({ told, waited, total, firstRecord, lastRecord, groupCount }).toEqual({
      told: ['a', 'a', 'a', 'b', 'c'],
      waited: ['a'],
      total: 8,
      firstRecord: 10,
      lastRecord: 17,
      groupCount: 3,
    });
    expect(groups.map(({ first, count }) => `${first}${count}`)).toEqual(['a6', 'b1', 'c1']);
    expect(restRecords).toEqual([
      { from: 14, to: 15 },
      { from: 17, to: 17 },
    ]);
  });

  it('agrees with counting by hand, for any order', () => {
    const next = random(seed());
    for (let run = 0; run < scale(20_000); run++) {
      const most = 1 + Math.floor(next() * 12);
      const all = Array.from({ length: Math.floor(next() * 40) }, (_, at) => ({
        at,
        group: String(Math.floor(next() * 6)),
      }));
      const selection = select<{ at: number; group: string }>(most);
      const passed = all.filter(match => !selection.add(match, match.group, match.at + 1));
      const { told, waited, total, groups, restRecords } = selection.result();
      const tellable = Math.min(most, all.length);
      expect([told.length, told.length + waited.length + passed.length, total]).toEqual([
        tellable,
        all.length,
        all.length,
      ]);
      expect(new Set([...told, ...waited, ...passed]).size).toBe(all.length);
      expect(told).toEqual(told.toSorted((a, b) => a.at - b.at));
      expect(told.slice(0, Math.floor(most * 0.8))).toEqual(
        all.slice(0, Math.min(told.length, Math.floor(most * 0.8))),
      );
      for (const { first, count } of groups)
        expect(count).toBe(all.filter(({ group }) => group === first.group).length);
      const overflow = restRecords.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      expect(overflow).toBe(all.length - told.length);
    }
  });

  it('keeps the most suspicious match of a group, and counts the most suspicious groups where there are too many', () => {
    const selection = select<number>(
      1,
      match => match,
      match => match * 100_000,
    );
    for (let at = 0; at < 5_000; at++) selection.add(3, `decoy ${at}`, at);
    for (const [at, level] of [3, 1, 2].entries()) selection.add(level, 'real', 5_000 + at);
    const { groups, groupCount } = selection.result();
    expect(groupCount).toBe(4_096);
    expect(groups.filter(({ first }) => first !== 3)).toEqual([{ first: 1, rank: 100_000, count: 2 }]);
  });

  it('keeps memory bounded', () => {
    const selection = select<string, string>(100, match => match.slice(0, 3));
    for (let at = 0; at < scale(2_000_000); at++) selection.add(`match ${at}`, `group ${at}`, at * 2 + 1);
    const { groupCount, restRecords, groups } = selection.result();
    expect([groupCount, restRecords.length <= 1_020, groups.length]).toEqual([4_096, true, 4_096]);
  });
});
