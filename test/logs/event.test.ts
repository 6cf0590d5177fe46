import { describe, expect, it } from 'vitest';
import { readField, readFields } from '../../functions/alert/logs/decoding/read-field.ts';
import { type JsonObject, parseJson, toJson } from '../../functions/alert/logs/json.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const rows: readonly (readonly [id: string, path: string, document: string, leaves: readonly unknown[]])[] = [
  ['nested', 'registry.path', '{"registry":{"path":"a"}}', ['a']],
  ['dotted', 'registry.path', '{"registry.path":"a"}', ['a']],
  ['mixed, dot first', 'a.b.c', '{"a.b":{"c":1}}', [1]],
  ['mixed, dot last', 'a.b.c', '{"a":{"b.c":1}}', [1]],
  ['H35 dotted before nested', 'a.b', '{"a.b":1,"a":{"b":2}}', [1, 2]],
  ['H35 nested before dotted', 'a.b', '{"a":{"b":2},"a.b":1}', [2, 1]],
  ['H35 three spellings', 'a.b.c', '{"a.b":{"c":1},"a.b.c":2,"a":{"b.c":3,"b":{"c":4}}}', [1, 2, 3, 4]],
  ['H35 an empty spelling hides none', 'a.b', '{"a":{},"a.b":1}', [1]],
  ['H35 a null spelling hides none', 'a.b', '{"a":{"b":null},"a.b":1}', [1]],
  ['H36 array', 'a.b', '{"a":{"b":["x","y"]}}', ['x', 'y']],
  ['H36 array of arrays', 'a', '{"a":[1,[2,[3]],[]]}', [1, 2, 3]],
  ['array of objects', 'a.b', '{"a":[{"b":1},{"b":[2,3]},{},5,null]}', [1, 2, 3]],
  ['array of objects, spelled both ways', 'a.b.c', '{"a":[{"b.c":1},{"b":{"c":2}}]}', [1, 2]],
  ['null', 'a', '{"a":null}', []],
  ['nulls in an array', 'a', '{"a":[null,1,null]}', [1]],
  ['empty array', 'a', '{"a":[]}', []],
  ['empty text', 'a', '{"a":""}', ['']],
  ['false and zero', 'a', '{"a":[false,0]}', [false, 0]],
  ['big integer', 'a', '{"a":9007199254740993}', [9007199254740993n]],
  ['absent', 'a.b', '{"b":1}', []],
  ['H37 an object at the end', 'a.b', '{"a":{"b":{"c":1}}}', []],
  ['H37 a text on the way', 'a.b.c', '{"a":{"b":"c"}}', []],
  ['H33 constructor.name', 'constructor.name', '{"a":1}', []],
  ['H33 toString', 'toString', '{"a":1}', []],
  ['H33 length of a text', 'a.length', '{"a":"xyz"}', []],
  ['H33 length of an array', 'a.length', '{"a":[1,2]}', []],
  ['H32 __proto__ as data', '__proto__.a', '{"__proto__":{"a":1}}', [1]],
  ['H32 constructor as data', 'constructor.prototype', '{"constructor":{"prototype":1}}', [1]],
  ['H32 __proto__ absent', '__proto__.toString', '{"a":1}', []],
];

describe('reading a field', () => {
  it.each(rows)('%s', (_, path, document, leaves) => {
    expect(readField(path)(parseJson(document) as JsonObject)).toEqual(leaves);
    const [found = []] = readFields([path])(parseJson(document) as JsonObject);
    expect(found).toEqual(leaves);
  });

  it('of all rows at once gives for each what it gives alone', () => {
    const paths = [...new Set(rows.map(([, path]) => path))];
    for (const [name, , text] of rows) {
      const document = parseJson(text) as JsonObject;
      const found = readFields(paths)(document);
      for (const [at, path] of paths.entries())
        expect(found[at] ?? [], `${name}: ${path}`).toEqual(readField(path)(document));
    }
  });

  it('can be asked again with other documents', () => {
    const read = readField('a.b');
    expect([{ a: { b: 1 } }, { 'a.b': 2 }, {}].map(document => read(document as JsonObject))).toEqual([
      [1],
      [2],
      [],
    ]);
  });
});

describe('parsing JSON', () => {
  it.each<readonly [string, unknown]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['1e400', Infinity],
    ['1234567890123456.5', 1234567890123456.5],
    ['12345678901234567e0', 12345678901234568],
    ['"12345678901234567890"', '12345678901234567890'],
    [`${'1'.repeat(1000)}`, BigInt('1'.repeat(1000))],
    [`${'1'.repeat(1001)}`, Infinity],
    ['-0', -0],
  ])('%s', (text, value) => {
    expect(parseJson(`{"x":[${text}]}`)).toEqual({ x: [value] });
  });

  it('is undone by writing it, for numbers beyond any double too', () => {
    const text = '{"a":[1e999,-1e999,9007199254740993,1.5,null,"x"]}';
    expect(toJson(parseJson(text))).toBe(text);
    const endless = parseJson(`[${'9'.repeat(1001)}]`);
    expect(parseJson(toJson(endless))).toEqual(endless);
  });

  it('sees every run of sixteen digits, wherever it is', () => {
    for (let shift = 0; shift < 40; shift++) {
      const text = `{"${'k'.repeat(shift)}":[1,22,1234567,9007199254740993,3]}`;
      expect(Object.values(parseJson(text) as JsonObject)).toEqual([[1, 22, 1234567, 9007199254740993n, 3]]);
    }
  });

  it('keeps __proto__ as an own property beside big integers', () => {
    const value = parseJson('{"__proto__":{"a":9007199254740993}}') as JsonObject;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as JsonObject)['a']).toBeUndefined();
  });
});
