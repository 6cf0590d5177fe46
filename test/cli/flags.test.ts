import { describe, expect, it } from 'vitest';
import { readFlags, readTime } from '../../functions/alert/cli/flags.ts';
import { nearestOf } from '../../functions/alert/ruleset/index.ts';
import { runCommand } from './run-command.ts';

const SPEC = { locale: ['en', 'zh-CN'], audit: 'switch', rules: 'text', at: 'time' } as const;

describe('flags', () => {
  const rows: readonly (readonly [args: string, flags: object, operands: readonly string[]])[] = [
    ['a b', {}, ['a', 'b']],
    ['--locale en a', { locale: 'en' }, ['a']],
    ['--locale=zh-CN --audit a', { locale: 'zh-CN', audit: true }, ['a']],
    ['--rules=a=b -', { rules: 'a=b' }, ['-']],
    ['--rules=--audit --at 1970-01-02', { rules: '--audit', at: 86_400_000 }, []],
    ['--audit -- --locale', { audit: true }, ['--locale']],
  ];
  it.each(rows)('%s', (args, flags, operands) =>
    expect(readFlags(args.split(' '), SPEC)).toEqual({ flags, operands }),
  );

  const refused: readonly (readonly [args: string, complaint: RegExp])[] = [
    ['--locael en', /unknown flag "--locael"; did you mean --locale\?/],
    ['--zzzzzzzzz', /known: --locale, --audit, --rules, --at/],
    ['--locale de', /--locale takes en, zh-CN; not "de"/],
    ['--rules', /--rules needs a value/],
    ['--rules --audit', /--rules needs a value; write --rules=--audit/],
    ['--at now', /--at takes a time such as/],
    ['--audit=yes', /--audit takes no value/],
    ['-x', /unknown flag "-x"/],
    ['--__proto__', /unknown flag/],
    ['--constructor x', /unknown flag/],
  ];
  it.each(refused)('%s is refused', (args, complaint) =>
    expect(() => readFlags(args.split(' '), SPEC)).toThrow(complaint),
  );
});

it.each([
  ['2026-11-24T02:48:10', '2026-11-24T02:48:10.000Z'],
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24T02:48z', '2026-11-24T02:48:00.000Z'],
  ['2026-11-24 02:48:10.5+02:00', '2026-11-24T00:48:10.500Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('the time %s is UTC where no zone is given: %s', (text, iso) =>
  expect(new Date(readTime('as-of', text)).toISOString()).toBe(iso),
);

// Date.parse makes a date of each but the first, and another one than is written.
it.each(['yesterday', '2026-02-30', '2026-11-24junk', '2026-11-24 (x)', '2026-11-24 '])(
  '%s is no time',
  text => expect(() => readTime('as-of', text)).toThrow(/--as-of takes a time/),
);

it.each([
  'scan', 'match q', 'normalize', 'check', 'explain', 'compare', 'selftest', 'backfill', 'audit', 'rules add', 'rules update',
  'rules publish',
])('%s has every flag in its help, or in that of selftest, whose flags name the parts of a deployment', async command => {
  const [name, ...more] = command.split(' ');
  const { err } = await runCommand([name!, ...more, '--zzzzzzzzzzzz']);
  const flags = / known: (.*)/.exec(err)?.[1]?.split(', ') ?? [];
  const help = (await Promise.all([name!, 'selftest'].map(one => runCommand([one, '--help'])))).map(({ out }) => out).join();
  expect(flags.length).toBeGreaterThan(0);
  expect(flags.filter(flag => !help.includes(flag))).toEqual([]);
}); // biome-ignore format: one look

it('the nearest name is near', () => {
  expect(nearestOf('scna', ['scan', 'match', 'eval'])).toBe('scan');
  expect(nearestOf('payload.prog', ['payload.form', 'payload.program'])).toBe('payload.program');
  expect(nearestOf('zebra', ['scan', 'match', 'eval'])).toBeUndefined();
});
