import { expect, it } from 'vitest';
import { defangedIn } from '../../functions/alert/notification/text/defang.ts';
import { lookAlikesIn } from '../../functions/alert/notification/text/look-alikes.ts';
import { runsOf } from '../../functions/alert/notification/text/runs.ts';
import { random, scale, seed } from '../scale.ts';

it('gives the runs that one expression without a limit gives', () => {
  const next = random(seed());
  for (let left = scale(20_000); left > 0; left--) {
    const text = Array.from({ length: next() * 40 }, () => 'ab\u{20000}. '[Math.floor(next() * 6)]).join('');
    const whole = [...text.matchAll(/[\p{L}.]+/gu)].map(({ 0: run, index }) => ({ run, index }));
    expect([...runsOf(text, /[\p{L}.]{1,3}/gu)]).toEqual(whole);
  }
});

it('has stack enough for a run of eight million letters', () => {
  const text = `${'A'.repeat(8_000_000)}/www.中.example`;
  expect(defangedIn(text).size).toBe(2);
  expect([...lookAlikesIn(text)]).toEqual([]);
  expect([...lookAlikesIn(`\u0436 ${'\u0430'.repeat(6_000_000)}`)]).toEqual([]);
});
