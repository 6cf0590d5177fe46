import { describe, expect, it } from 'vitest';
import { readFlags, readTime } from '../../functions/alert/cli/flags.ts';
import { nearestOf } from '../../functions/alert/ruleset/index.ts';

const SPEC = { locale: ['en', 'zh-CN'], audit: 'switch', rules: 'text' } as const;

describe('flags', () => {
  const rows: readonly (readonly [args: string, flags: object, operands: readonly string[]])[] = [
    ['a b', {}, ['a', 'b']],
    ['--locale en a', { locale: 'en' }, ['a']],
    ['--locale=zh-CN --audit a', { locale: 'zh-CN', audit: true }, ['a']],
    ['--rules=a=b -', { rules: 'a=b' }, ['-']],
    ['--audit -- --locale', { audit: true }, ['--locale']],
  ];
  it.each(rows)('%s', (args, flags, operands) =>
    expect(readFlags(args.split(' '), SPEC)).toEqual({ flags, operands }),
  );

  const refused: readonly (readonly [args: string, complaint: RegExp])[] = [
    ['--locael en', /unknown flag "--locael"; did you mean --locale\?/],
    ['--zzzzzzzzz', /known: --locale, --audit, --rules/],
    ['--locale de', /--locale takes en, zh-CN; not "de"/],
    ['--rules', /--rules needs a value/],
    ['--audit=yes', /--audit takes no value/],
    ['-x', /unknown flag "-x"/],
    ['--__proto__', /unknown flag/],
    ['--constructor x', /unknown flag/],
  ];
  it.each(refused)('%s is refused', (args, complaint) =>
    expect(() => readFlags(args.split(' '), SPEC)).toThrow(complaint),
  );
});

it('a time is UTC where no zone is given', () => {
  expect(readTime('as-of', '2026-11-24T02:48:10')).toBe(Date.UTC(2026, 10, 24, 2, 48, 10));
  expect(readTime('as-of', '2026-11-24')).toBe(Date.UTC(2026, 10, 24));
  expect(readTime('as-of', '2026-11-24T02:48:10+02:00')).toBe(Date.UTC(2026, 10, 24, 0, 48, 10));
  expect(() => readTime('as-of', 'yesterday')).toThrow(/--as-of takes a time/);
});

it('the nearest name is near', () => {
  expect(nearestOf('scna', ['scan', 'match', 'eval'])).toBe('scan');
  expect(nearestOf('zebra', ['scan', 'match', 'eval'])).toBeUndefined();
});
