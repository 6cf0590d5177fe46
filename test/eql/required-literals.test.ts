import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';

describe('required literals', () => {
  const rows: readonly (readonly [query: string, due: readonly string[] | null])[] = [
    ['process where true', ['process']],
    ['any where true', null],
    ['any where a == "Evil.exe"', ['evil.exe']],
    ['process where host.os.type == "windows" and process.name : "X.exe"', ['x.exe']],
    ['any where a : ("foo*", "*BAR", "bar.exe")', ['bar', 'foo']],
    ['any where a : ("foo*", "*")', null],
    ['any where a == "foo" or b == "bar"', ['bar', 'foo']],
    ['any where a == "foo" or b == 5', null],
    ['any where not a == "foo"', null],
    ['any where a != "foo"', null],
    ['any where a not in ("foo")', null],
    ['any where a in ("foo", "food")', ['foo']],
    ['any where a == "12345"', null],
    ['any where a : "1234*"', null],
    ['any where a : "x1234*"', ['x1234']],
    ['any where a : "Infinity"', null],
    ['any where a like "*nfin*"', null],
    ['any where a == "-Infinity"', null],
    ['any where a : "Infinity*evil"', ['evil']],
    ['any where a : "Infinity2*"', ['infinity2']],
    ['any where a == "2024-01-01"', null],
    ['any where a == "10.0.0.0/8"', null],
    ['any where a : "ab*"', null],
    ['any where a like "*long piece*c*"', ['long piece']],
    ['any where startsWith(a, "foo*")', ['foo*']],
    ['any where endsWith~(a, "FOO?bars")', ['bars']],
    ['any where stringContains(a, "f\\\\oo")', ['foo']],
    ['any where a regex "foo.*"', null],
    ['any where concat(a) == "foo"', null],
    ['any where a == "É-foo"', ['É-foo']],
  ];
  it.each(rows)('of %s are %j', (query, due) => {
    expect(compileQuery(query, { readField }).requiredLiterals).toEqual(due);
  });

  it('under Unicode folding hold no letter that has a third case', () => {
    const literals = (query: string) =>
      compileQuery(query, { readField, caseFolding: 'unicode' }).requiredLiterals;
    expect(literals('any where a : "powershell"')).toEqual(['power']);
    expect(literals('any where a : "ask"')).toBeNull();
    expect(literals('any where a like "powershell"')).toEqual(['powershell']);
  });
});
