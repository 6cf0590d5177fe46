import { type Fault, refuse } from './error.ts';
import type { Token } from './token.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Whether a string literal begins here, in a form that is accepted or in an old one. */
export function isStringStart(text: string, at: number): boolean {
  const first = text[at];
  return first === '"' || first === "'" || (first === '?' && (text[at + 1] === '"' || text[at + 1] === "'"));
}

/** Reads `"…"` with its escapes, or `"""…"""` literally; an old form is reported as a fault and read as a string. */
export function readString(text: string, start: number, faults: Fault[]): Token {
  if (text.startsWith('"""', start)) {
    const raw = readRaw(text, start);
    if (raw) return raw;
  }
  if (text[start] !== '"') return readOldForm(text, start, faults);
  let value = '';
  for (let at = start + 1; ; ) {
    const end = endOfPlain(text, at);
    value += text.slice(at, end);
    if (text[end] === '"') return { kind: 'string', text: value, span: { start, end: end + 1 } };
    if (text[end] !== '\\') return unclosed(text, start, end);
    const escaped = readEscape(text, end);
    value += escaped.value;
    at = escaped.next;
  }
}

const PLAIN = /[^"\\\r\n]*/y;

function endOfPlain(text: string, from: number): number {
  PLAIN.lastIndex = from;
  const plain = PLAIN.exec(text)?.[0] ?? '';
  if (!plain.isWellFormed()) refuseHalf(plain, from);
  return from + plain.length;
}

function refuseHalf(piece: string, from: number): never {
  const whole = piece.toWellFormed();
  let at = 0;
  while (piece[at] === whole[at]) at++;
  const span = { start: from + at, end: from + at + 1 };
  return refuse('Syntax', span, 'an unpaired surrogate is not a character');
}

function readRaw(text: string, start: number): Token | null {
  const close = text.indexOf('"""', start + 3);
  const line = text.slice(start + 3, close < 0 ? text.length : close);
  if (close < 0 || /[\r\n]/.test(line)) {
    return refuse('Syntax', { start, end: start + 3 }, 'the string is not closed by """ on its line');
  }
  if (!line.isWellFormed()) refuseHalf(line, start + 3);
  // Up to two quotes before the closing three belong to the value.
  let end = close + 3;
  while (end < close + 5 && text[end] === '"') end++;
  return { kind: 'string', text: text.slice(start + 3, end - 3), span: { start, end } };
}

function readEscape(text: string, at: number): { value: string; next: number } {
  const letter = text[at + 1] ?? '';
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  if (simple !== undefined) return { value: simple, next: at + 2 };
  if (letter !== 'u') {
    return refuse(
      'Syntax',
      { start: at, end: Math.min(at + 2, text.length) },
      'no such escape; write \\\\ for a backslash, or write the string in """…"""',
    );
  }
  const digits = /^\{([0-9A-Fa-f]{2,8})\}/.exec(text.slice(at + 2, at + 12))?.[1];
  const span = { start: at, end: Math.min(at + 2 + (digits ? digits.length + 2 : 0), text.length) };
  if (digits === undefined)
    return refuse('Syntax', span, 'write a code point as \\u{…} with 2 to 8 hexadecimal digits');
  const point = Number.parseInt(digits, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    return refuse('Syntax', span, `U+${digits.toUpperCase()} is not a Unicode character`);
  }
  return { value: String.fromCodePoint(point), next: span.end };
}

function unclosed(text: string, start: number, end: number): never {
  const reason = end < text.length ? 'the string is not closed on its line' : 'the string is never closed';
  return refuse('Syntax', { start, end: Math.max(end, start + 1) }, `${reason}; write \\n for a line break`);
}

function readOldForm(text: string, start: number, faults: Fault[]): Token {
  const isRaw = text[start] === '?';
  const quote = isRaw ? text[start + 1]! : text[start]!;
  const body = start + (isRaw ? 2 : 1);
  let at = body;
  while (at < text.length && text[at] !== quote && text[at] !== '\n' && text[at] !== '\r')
    at += text[at] === '\\' ? 2 : 1;
  if (text[at] !== quote) return unclosed(text, start, Math.min(at, text.length));
  const span = { start, end: at + 1 };
  const message = isRaw
    ? 'write a raw string in """…""", no longer in ?"…" or ?\'…\''
    : 'write a string in double quotes "…", not in single ones';
  faults.push({ code: 'Syntax', span, message });
  return { kind: 'string', text: text.slice(body, at), span };
}
