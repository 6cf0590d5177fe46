import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { EqlError } from '../../functions/alert/eql/syntax/error.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { toJson } from '../../functions/alert/logs/json.ts';

const compile = (text: string) => compileCondition(text, { readField });

describe('the condition of an exception', () => {
  const rows: readonly (readonly [condition: string, document: JsonObject, due: boolean])[] = [
    ['f == "a"', { f: 'a' }, true],
    ['f == "a"', { f: ['a', 'a'] }, true],
    ['f == "a"', { f: ['a', 'b'] }, false],
    ['f == "a"', {}, false],
    ['f == "a"', { f: [] }, false],
    ['f == "a"', { f: [null] }, false],
    ['f == "a" and g == "b"', { f: 'a', g: 'b' }, true],
    ['f == "a" and (g == "b" and h == 1)', { f: 'a', g: 'b', h: 2 }, false],
    ['f in ("a", "b")', { f: ['a', 'b'] }, true],
    ['f in ("a", "b")', { f: ['a', 'c'] }, false],
    ['f in~ ("A")', { f: 'a' }, true],
    ['f : "A"', { f: 'a' }, true],
    ['f : ("a", "b*")', { f: ['A', 'bc'] }, true],
    ['f : ("a", "b*")', { f: ['A', 'bc', 'evil'] }, false],
    ['f > 5', { f: [6, 7] }, true],
    ['f > 5', { f: [6, 1] }, false],
    ['f == "10.0.0.0/8"', { f: '10.1.2.3' }, false],
    ['f == "2024-01-01"', { f: '2024-01-01T10:00:00Z' }, false],
    ['f : "C:\\\\Program Files\\\\X\\\\*"', { f: 'C:\\Program Files\\X\\a\\b.exe' }, true],
    [
      'f : "C:\\\\Program Files\\\\X\\\\*"',
      { f: 'C:\\Program Files\\X\\..\\..\\Users\\Public\\e.exe' },
      false,
    ],
    ['f : "C:\\\\Program Files\\\\X\\\\*"', { f: 'C:\\Program Files\\X\\a\\...\\e.exe' }, false],
    ['f : "C:\\\\Program Files\\\\X\\\\*"', { f: 'C:\\Program Files\\X\\.. \\e.exe' }, false],
    ['f : "C:\\\\Program Files\\\\X\\\\*"', { f: 'C:\\Program Files\\X\\..' }, false],
    ['f : "C:\\\\Program Files\\\\X\\\\*"', { f: 'C:\\Program Files\\X\\a..b\\e.exe' }, true],
    ['f : "explorer.exe*"', { f: 'explorer.exe,evil.exe' }, false],
    ['f : "a.exe*"', { f: 'a.exe & b.exe' }, false],
    ...[...'/&|^%,;"\'`', '\n', '\0', '\u007f', '\u0085', '\u2028', '\u202e', '\u201c'].flatMap(
      (covered): (readonly [string, JsonObject, boolean])[] => [
        ['f : "a*b"', { f: `a${covered}b` }, false],
        ['f : "a?b"', { f: `a${covered}b` }, false],
      ],
    ),
    ['f : "a,*b"', { f: 'a,xb' }, true],
    ['f : "a,*b"', { f: 'a,x,b' }, false],
    ['f : "*,*"', { f: 'a,b' }, true],
    ['f : "*,*"', { f: 'a,b,c' }, false],
    ['f : "a\\\\..\\\\*"', { f: 'a\\..\\b' }, true],
    ['f : "a\\\\..\\\\*"', { f: 'a\\..\\..\\b' }, false],
    ['f : "a, b"', { f: 'A, B' }, true],
    ['f like "A*"', { f: 'Ab' }, true],
    ['f like "A*"', { f: 'ab' }, false],
    ['f', { f: true }, true],
    ['f', { f: [true, false] }, false],
    ['f == false', { f: false }, true],
  ];
  it.each(rows.map(([condition, document, due]) => ({ condition, document, due, text: toJson(document) })))(
    '$condition on $text: $due',
    ({ condition, document, due }) => {
      expect(compile(condition).accepts(document)).toBe(due);
    },
  );

  it.each([
    ['f == "a" or g == "b"', 'or'],
    ['f == "a" and (g == "b" or h == 1)', 'list'],
    ['not f == "a"', 'not'],
    ['f != "a"', '!='],
    ['f not in ("a")', 'not in'],
    ['f == null', 'constants'],
    ['f != null', '!='],
    ['f in (null)', 'null'],
    ['true', 'field'],
    ['1 == 1', 'field'],
    ['startsWith(f, "a")', 'function'],
    ['length(f) == 1', 'field'],
    ['f regex "a.*"', 'regular'],
    ['(f == "a") == true', 'field'],
  ])('%s is refused', (condition, word) => {
    try {
      compile(condition);
      expect.fail('is accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(EqlError);
      expect((error as EqlError).message).toContain(word);
    }
  });

  it('reports everything that is wrong with it', () => {
    try {
      compile('f != "a" and g regex "b" and h == 1');
      expect.fail('is accepted');
    } catch (error) {
      expect((error as EqlError).errors).toHaveLength(2);
    }
  });

  it('shows its tests', () => {
    const text = 'a == "x" and (b : ("y", "z") and c : "w*") and d in~ ("v") and e >= 5';
    const shown = compile(text).tests.map(({ field, operator, constants, exact, span }) => [
      ...[field, operator, constants, exact],
      text.slice(span.start, span.end),
    ]);
    expect(shown).toEqual([
      ['a', '==', ['x'], true, 'a == "x"'],
      ['b', ':', ['y', 'z'], true, 'b : ("y", "z")'],
      ['c', ':', ['w*'], false, 'c : "w*"'],
      ['d', 'in~', ['v'], true, 'd in~ ("v")'],
      ['e', '>=', [5], false, 'e >= 5'],
    ]);
    expect(compile(text).fields).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
