/** Represents `?` among the code points of a segment. */
export const ANY = -1;

/** A pattern split at its `*`: every segment a row of code points and `ANY`. One segment: there is no `*`. */
export type Pattern = readonly (readonly number[])[];

/** `*` is any run of characters, including none; `?` is one code point; they cannot be escaped. */
export function readPattern(text: string): Pattern {
  return text.split('*').map(segment => pointsOf(segment).map(point => (point === MARK ? ANY : point)));
}

const MARK = 0x3f;

/** A literal with which a value begins. */
export function readPrefix(text: string): Pattern {
  return [pointsOf(text), []];
}

function pointsOf(text: string): number[] {
  return [...text].map(point => point.codePointAt(0)!);
}

/**
 * The same in the grammar of Lucene's wildcard queries, where a backslash makes the next character literal. EQL sends
 * `stringContains` and `endsWith` of a field through it without escaping the rule's text.
 */
export function readEscapedPattern(text: string): Pattern {
  const segments: number[][] = [[]];
  const points = [...text];
  for (let at = 0; at < points.length; at++) {
    const point = points[at]!;
    const segment = segments.at(-1)!;
    if (point === '*') segments.push([]);
    else if (point === '?') segment.push(ANY);
    else if (point === '\\' && at + 1 < points.length) segment.push(points[++at]!.codePointAt(0)!);
    else segment.push(point.codePointAt(0)!);
  }
  return segments;
}

export function hasWildcard(text: string): boolean {
  return /[*?]/.test(text);
}

/** The same for a text that `readPattern` reads, without reading it. */
export function piecesOf(text: string): readonly string[] {
  return text.split(/[*?]/).filter(piece => piece !== '');
}

/** The longest pieces of a pattern that occur verbatim in a value. */
export function literalsOf(pattern: Pattern): readonly string[] {
  return pattern.flatMap(segment => {
    const pieces: string[] = [''];
    for (const point of segment) {
      if (point === ANY) pieces.push('');
      else pieces.push(pieces.pop()! + String.fromCodePoint(point));
    }
    return pieces.filter(piece => piece !== '');
  });
}

/**
 * Most passes over a value for a segment: over a mebibyte of the worst text, eight take 30 ms. A pass is for one of
 * the pieces between the `?`, or for 32 positions of the segment at once, whichever are fewer.
 */
const MOST_PASSES = 8;

/**
 * Whether a pattern has a segment between two `*` that takes too many passes. Lucene gives up much earlier: its
 * automaton for `*a`, fourteen `?`, `b*` has more states than it may.
 */
export function isTooLong(text: string, read: (text: string) => Pattern): boolean {
  if (text.length <= MOST_PASSES * 32 || !text.includes('?')) return false;
  return read(text)
    .slice(1, -1)
    .some(segment => {
      const pieces = segment.filter((point, at) => point !== ANY && (segment[at - 1] ?? ANY) === ANY).length;
      return segment.includes(ANY) && Math.min(pieces, Math.ceil(segment.length / 32)) > MOST_PASSES;
    });
}

export const TOO_LONG = `a pattern between two * may have at most ${MOST_PASSES * 32} characters, or ${MOST_PASSES} pieces between its ?`;
