import type { JsonObject, JsonValue } from '../../functions/alert/eql/document.ts';
import type { Draw } from './draw.ts';

/** Texts that differ by little: case of ASCII and beyond, ends of lines, numbers, characters of two units. */
const TEXTS = [
  ...[
    '',
    'foo',
    'Foo',
    'FOO',
    'bar',
    'foobar',
    'a',
    'A',
    'b',
    'x',
    'x.exe',
    'X.EXE',
    'foo\nbar',
    'a\\b',
    'C:\\x.exe',
  ],
  ...[
    'é',
    'É',
    '\u212a',
    'k',
    'K',
    '\u017f',
    's',
    '\u0130',
    'i',
    '\u0131',
    'ß',
    '😀',
    'a😀',
    '😀a',
    '\uffee',
    '𐐀',
    '𐐨',
  ],
  ...['5', '10', '7.5', '0x1f', 'true', 'aab', 'abab', '*', '?', 'a*', '%', 'null', 'Infinity'],
];
const NUMBERS = [0, 1, 2, 3, 5, 10, -3, 7.5, 2.5, 100, 255, 2147483647, -2147483648, 9007199254740992];
const BIG = [Number.POSITIVE_INFINITY, 9007199254740993n, 4611686018427387904n, -9223372036854775808n];
const DATES = [
  '2024-05-17',
  '2024-05-17T10:00:00Z',
  '2024-12-31T23:59:59.999Z',
  '2025-01-01T00:00:00Z',
  1715940000000,
  '2024',
];
const DATE_CONSTANTS = [
  '"2024"',
  '"2024-05"',
  '"2024-05-17"',
  '"2024-05-17T10:00:00Z"',
  '1715940000000',
  '2024',
];
const ADDRESSES = ['10.1.2.3', '10.200.0.1', '192.168.1.1', '127.0.0.1', 'no address'];

const FIELDS = {
  text: ['s1', 's2', 'o.p', 'mixed.size'],
  number: ['pid', 'exit_code', 'mixed.size', 'event.risk_score'],
  boolean: ['b1', 'b2'],
  none: ['z'],
} as const;

/** A document with some of the fields, in any spelling; `mixed.size` holds whatever. */
export function drawDocument(draw: Draw): JsonObject {
  const values = (one: () => JsonValue): JsonValue | undefined => {
    const kind = draw.below(12);
    if (kind === 0) return undefined;
    if (kind === 1) return null;
    if (kind === 2) return [];
    if (kind === 3) return [null];
    if (kind < 6) return [one(), one()];
    if (kind === 6) return [one(), null, [one()]];
    return one();
  };
  const text = () => draw.one(TEXTS);
  const number = () => (draw.chance(0.1) ? draw.one(BIG) : draw.one(NUMBERS));
  const flag = () => draw.one([true, false, true, 'true', 'false']);
  const inner = values(text);
  const document: Record<string, JsonValue | undefined> = {
    s1: values(text),
    s2: values(text),
    pid: values(number),
    exit_code: values(number),
    'event.risk_score': values(number),
    '@timestamp': values(() => draw.one(DATES)),
    b1: values(flag),
    b2: values(flag),
    mixed: { size: values(() => draw.one([text, number, flag])()) ?? null },
    'host.ip': values(() => draw.one(ADDRESSES)),
    ...(draw.chance(0.5)
      ? { 'o.p': inner }
      : { o: draw.chance(0.3) ? [{ p: inner ?? null }, { q: 1 }] : { p: inner ?? null } }),
  };
  return Object.fromEntries(
    Object.entries(document).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

/** A query of one type, nested so deep at most. */
export function drawCondition(draw: Draw, depth: number): string {
  const condition = () => drawCondition(draw, depth - 1);
  if (depth > 0 && draw.chance(0.55)) {
    switch (draw.below(9)) {
      case 0:
        return `(${condition()}) == ${draw.one(['true', 'false', 'null'])}`;
      case 1:
        return `(${condition()}) != ${draw.one(['true', 'false', 'null'])}`;
      case 2:
        return `null == (${condition()})`;
      case 3:
      case 4:
        return `not (${condition()})`;
      case 5:
      case 6:
        return `(${condition()} and ${condition()})`;
      default:
        return `(${condition()} or ${condition()} or ${condition()})`;
    }
  }
  const text = () => drawText(draw, depth);
  const number = () => drawNumber(draw, depth);
  const tilde = () => (draw.chance(0.5) ? '~' : '');
  switch (draw.below(15)) {
    case 0:
      return draw.one([...FIELDS.boolean, '?z', 'true', 'false', 'null', 'b1', 'mixed.size']);
    case 1:
      return `${draw.one([...FIELDS.text, ...FIELDS.number, ...FIELDS.boolean, ...FIELDS.none, '?z'])} ${draw.one(['==', '!='])} null`;
    case 2:
      return `${draw.one(FIELDS.boolean)} ${draw.one(['==', '!=', '<', '>='])} ${draw.one(['true', 'false'])}`;
    case 3:
      return `${draw.one([...FIELDS.text, 'z'])} ${draw.one(COMPARISONS)} ${quoted(draw)}`;
    case 4:
      return `${quoted(draw)} ${draw.one(COMPARISONS)} ${draw.one(FIELDS.text)}`;
    case 5:
      return `${draw.one([...FIELDS.number, 'z'])} ${draw.one(COMPARISONS)} ${numeral(draw)}`;
    case 6:
      return `${numeral(draw)} ${draw.one(COMPARISONS)} ${draw.one(FIELDS.number)}`;
    case 7:
      return `${draw.one([...FIELDS.text, text()])} ${draw.one(['in', 'not in', 'in~', 'not in~'])} ${list(draw, () => (draw.chance(0.1) ? 'null' : quoted(draw)))}`;
    case 8:
      return `${draw.one([...FIELDS.number, `(${number()})`])} ${draw.one(['in', 'not in'])} ${list(draw, () => (draw.chance(0.1) ? 'null' : numeral(draw)))}`;
    case 9:
    case 10:
      return `${draw.one([...FIELDS.text, ...FIELDS.text, text()])} ${draw.one([':', 'like', 'like~'])} ${list(draw, () => pattern(draw))}`;
    case 11:
      return `${draw.one([...FIELDS.text, text()])} ${draw.one([`regex ${list(draw, () => JSON.stringify(draw.one(REGEXES)))}`, `regex~ ${list(draw, () => JSON.stringify(draw.one(PLAIN_REGEXES)))}`])}`;
    case 12: {
      const name = draw.one(['startsWith', 'endsWith', 'stringContains']);
      return `${name}${tilde()}(${draw.one([draw.one(FIELDS.text), text()])}, ${draw.one([quotedPlain(draw), text()])})`;
    }
    case 13:
      if (draw.chance(0.4)) return `@timestamp ${draw.one(COMPARISONS)} ${draw.one(DATE_CONSTANTS)}`;
      if (draw.chance(0.3))
        return `host.ip ${draw.one(['==', '!='])} ${draw.one(['"10.0.0.0/8"', '"10.1.2.3"'])}`;
      return `cidrMatch(host.ip, "10.0.0.0/8"${draw.chance(0.5) ? ', "192.168.0.0/16", "127.0.0.1"' : ''})`;
    default:
      return draw.chance(0.5)
        ? `${number()} ${draw.one(COMPARISONS)} ${draw.one([numeral(draw), numeral(draw), 'null'])}`
        : `${text()} ${draw.one(COMPARISONS)} ${draw.one([quoted(draw), quoted(draw), 'null'])}`;
  }
}

const COMPARISONS = ['==', '==', '!=', '<', '<=', '>', '>='];
const REGEXES = [
  'a.*',
  '[a-c]+',
  '(foo|bar).*',
  'fo{2}',
  'x?',
  '.',
  '.*\\.exe',
  '\\w+',
  '[^a]+',
  '.*',
  'C:\\\\.*',
  '\\d+',
];
const PLAIN_REGEXES = ['foo.*', '(foo|bar)+', 'x\\.exe', 'fo?o', 'k', 's', '.*b'];

function drawText(draw: Draw, depth: number): string {
  if (depth <= 0 || draw.chance(0.3)) return draw.chance(0.7) ? draw.one(FIELDS.text) : quoted(draw);
  const text = () => drawText(draw, depth - 1);
  const small = () => draw.one(['0', '1', '2', '-1', '-3', 'null', '100', 'pid']);
  switch (draw.below(5)) {
    case 0:
      return `concat(${text()}, ${draw.one([text(), drawNumber(draw, depth - 1), 'b1', 'null'])})`;
    case 1:
      return `substring(${text()}, ${small()}${draw.chance(0.5) ? `, ${small()}` : ''})`;
    case 2:
      return `between${draw.chance(0.4) ? '~' : ''}(${text()}, ${quotedPlain(draw)}, ${quotedPlain(draw)}${draw.one(['', ', true', ', false'])})`;
    case 3:
      return `string(${draw.one([drawNumber(draw, depth - 1), 'b1', 'pid', 's1', 's2', 'mixed.size', 'event.risk_score'])})`;
    default:
      return draw.one(FIELDS.text);
  }
}

function drawNumber(draw: Draw, depth: number): string {
  if (depth <= 0 || draw.chance(0.3)) return draw.chance(0.7) ? draw.one(FIELDS.number) : numeral(draw);
  const number = () => drawNumber(draw, depth - 1);
  const text = () => drawText(draw, depth - 1);
  switch (draw.below(6)) {
    case 0:
      return `length(${text()})`;
    case 1:
      return `indexOf${draw.chance(0.4) ? '~' : ''}(${text()}, ${quotedPlain(draw)}${draw.one(['', ', 1', ', -2', ', null'])})`;
    case 2:
      return `number(${draw.one(['mixed.size', 's1', '"10"', '"0x1f"', '"7.5"'])}${draw.one(['', ', 10', ', 16', ', null'])})`;
    case 3:
      return `${draw.one(['add', 'subtract', 'multiply', 'divide', 'modulo'])}(${number()}, ${number()})`;
    case 4:
      return `-${draw.one(FIELDS.number)}`;
    default:
      return `(${number()} ${draw.one(['+', '-', '*', '/', '%'])} ${number()})`;
  }
}

function quoted(draw: Draw): string {
  return literal(draw.one(TEXTS));
}

function quotedPlain(draw: Draw): string {
  return literal(draw.one(TEXTS.filter(text => !/[\\*?]/.test(text))));
}

function pattern(draw: Draw): string {
  const base = draw.one(TEXTS);
  return literal(
    draw.one([
      base,
      `${base}*`,
      `*${base}`,
      `*${base}*`,
      `${[...base].slice(0, 1).join('')}?${[...base].slice(2).join('')}`,
      `${base}?*`,
      '*',
    ]),
  );
}

function numeral(draw: Draw): string {
  return draw.one([
    ...NUMBERS.map(String),
    '9007199254740993',
    '4611686018427387904',
    '2.0',
    '1e3',
    '-7.5',
    '3 + 4',
    '-0.5',
  ]);
}

function list(draw: Draw, one: () => string): string {
  return `(${Array.from({ length: 1 + draw.below(4) }, one).join(', ')})`;
}

/** A string of EQL. */
function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
