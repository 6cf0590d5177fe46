import { expect, it } from 'vitest';
import { makeNormalize } from '../../../functions/alert/logs/ecs/index.ts';
import { readField } from '../../../functions/alert/logs/index.ts';
import type { JsonObject } from '../../../functions/alert/logs/json.ts';
import { normalize, read } from './normalized.ts';
import { fdr, fdrProcess } from './records.ts';

const joined = (...records: readonly JsonObject[]) => {
  const next = makeNormalize('extended');
  const found = records.map(record => next(record, null)).at(-1)!;
  return typeof found === 'string' ? found : readField('process.name')(found.document)[0];
};
const rows: readonly (readonly [string, readonly JsonObject[], string | undefined])[] = [
  ['a process earlier in the object', [fdrProcess(), fdr()], 'WmiPrvSE.exe'],
  ['a synthetic one', [fdrProcess({ event_simpleName: 'SyntheticProcessRollup2' }), fdr()], 'WmiPrvSE.exe'],
  ['none', [fdr()], undefined],
  ['a later one', [fdr(), fdrProcess(), fdr({ ContextProcessId: '2' })], undefined],
  ['of another agent', [fdrProcess({ aid: 'b' }), fdr()], undefined],
  ['of another customer', [fdrProcess({ cid: 'b' }), fdr()], undefined],
  ['one that ended', [fdrProcess(), fdrProcess({ event_simpleName: 'EndOfProcess' }), fdr()], undefined],
  [
    'one whose number came again',
    [fdrProcess(), fdrProcess({ ImageFileName: '\\x\\reg.exe' }), fdr()],
    'reg.exe',
  ],
  [
    'more than the table holds',
    [
      fdrProcess(),
      ...Array.from({ length: 32_768 }, (_, at) => fdrProcess({ TargetProcessId: `${at}` })),
      fdr(),
    ],
    undefined,
  ],
];
it.each(rows)('the process: %s', (_, records, name) => {
  expect(joined(...records)).toBe(name);
});

it('without the second layer there is no join', () => {
  const next = makeNormalize('elastic');
  next(fdrProcess(), null);
  expect(next(fdr(), null)).toMatchObject({ inferred: [] });
  expect(read(fdr(), 'process.name')).toEqual([]);
});

it('inventory is no event', () => {
  const host = { _time: '1791164811.1', aid: 'a', cid: 'c', ComputerName: 'x', event_platform: 'Win' };
  expect(normalize(host)).toBe('inventory');
  expect(normalize({ _time: '1.1', cid: 'c', discoverer_aid: 'b', ComputerName: 'x' })).toBe('inventory');
});
