import { linkedOrHidden } from '../text/untrusted.ts';

/** Why a text cannot be part of a query. */
export type LiteralProblem = 'nul' | 'lone-surrogate' | 'too-long' | 'too-many';

/** A piece of query text, or why there is none. */
export type Fragment<Problem extends string = LiteralProblem> =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: Problem };

/** Writes a text, whoever chose it, as one literal of a language, in printable ASCII. */
export type Quote = (text: string) => Fragment;

/** Keyword fields index nothing longer, so a longer literal would find nothing. UTF-16 units, as Java counts. */
const LONGEST_LITERAL = 1024;

/** Longest query. A query is complete or omitted. */
export const LONGEST_QUERY = 8_000;

const backslashed = (text: string): string => text.replace(/[\\"]/g, '\\$&');
const doubled = (text: string): string => text.replaceAll("'", "''");
const inQuotes = (parts: readonly string[]): string => `"${parts.join('')}"`;

/** KQL: `"…"`. Quoted text has no wildcards. */
export const kql: Quote = literal({
  plain: backslashed,
  escaped: text =>
    units(text)
      .map(unit => `\\u${hex(unit, 4)}`)
      .join(''),
  whole: inQuotes,
});

/** EQL: `"…"`. To be compared with `==`: the wildcards of `:` cannot be escaped, not even here. */
export const eql: Quote = literal({
  plain: backslashed,
  escaped: text => Array.from(text, character => `\\u{${hex(character.codePointAt(0)!, 2)}}`).join(''),
  whole: inQuotes,
});

/** ES|QL: `"…"`. Its strings have no escape for a code point, so the rest comes from Base64. */
export const esql: Quote = literal({
  plain: text => `"${backslashed(text)}"`,
  escaped: text => `FROM_BASE64("${base64(text)}")`,
  whole: parts => (parts.length === 1 ? parts[0]! : `CONCAT(${parts.join(', ')})`),
});

/** TOML: a basic string. */
export const toml: Quote = literal({
  plain: backslashed,
  escaped: text => Array.from(text, character => tomlEscape(character.codePointAt(0)!)).join(''),
  whole: inQuotes,
});

const tomlEscape = (point: number): string =>
  point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;

/** SQL of SQLite, as Osquery reads it: `'…'`, where a backslash is one ordinary character. */
export const sql: Quote = literal({
  plain: text => `'${doubled(text)}'`,
  escaped: text =>
    `CAST(x'${bytes(text)
      .map(byte => hex(byte, 2))
      .join('')}' AS TEXT)`,
  whole: parts => (parts.length === 1 ? parts[0]! : `(${parts.join(' || ')})`),
});

/** PowerShell: `'…'`, in which only the five quotes are special, of which one is ASCII. */
export const powershell: Quote = literal({
  plain: text => `'${doubled(text)}'`,
  escaped: text =>
    units(text)
      .map(unit => `[char]0x${hex(unit, 2)}`)
      .join(' + '),
  // The type of a sum is that of its first term.
  whole: parts =>
    parts.length === 1 && parts[0]!.startsWith("'")
      ? parts[0]!
      : `(${parts[0]!.startsWith("'") ? '' : "'' + "}${parts.join(' + ')})`,
});

/**
 * An argument for a shell: `"…"`, the same for bash, PowerShell and cmd.exe, if the text contains nothing that one of
 * them expands; then `'…'`, for bash and PowerShell, if it has no quote and does not end in a backslash: for cmd.exe an
 * apostrophe is a letter, and it acts on `|`, `^` and `%`. Any other text is written `$'\x…'`, only for bash and zsh:
 * PowerShell passes quotes to a program differently from version to version.
 */
export const shell: Quote = text => {
  const problem = problemOf(text);
  if (problem !== null) return missing(problem);
  const parts = partsOf(text);
  if (parts.every(({ isPlain }) => isPlain) && !/['"]|\\$/.test(text))
    return written(/[$%!\\]/.test(text) ? `'${text}'` : `"${text}"`);
  const coded = parts.map(part =>
    part.isPlain
      ? part.text.replace(/[\\']/g, '\\$&')
      : bytes(part.text)
          .map(byte => `\\x${hex(byte, 2)}`)
          .join(''),
  );
  // bash reads up to two hex digits, so a letter that follows is not part of the code.
  return written(`$'${coded.join('')}'`);
};

/**
 * Creates the template function of a language: the template itself is code, a string put into it becomes a literal, and
 * a fragment is inserted unchanged. The first problem found is the problem of the whole.
 */
export function writer(quote: Quote) {
  return <Problem extends string = never>(
    code: TemplateStringsArray,
    ...values: readonly (string | Fragment<Problem>)[]
  ): Fragment<Problem | LiteralProblem> => {
    const pieces: Fragment<Problem | LiteralProblem>[] = [written(code[0]!)];
    for (const [at, value] of values.entries()) {
      pieces.push(typeof value === 'string' ? quote(value) : value, written(code[at + 1]!));
    }
    return join(pieces, '');
  };
}

/** Joins fragments with code between them. */
export function join<Problem extends string>(
  fragments: readonly Fragment<Problem>[],
  separator: string,
): Fragment<Problem> {
  const texts: string[] = [];
  for (const fragment of fragments) {
    if (fragment.text === null) return fragment;
    texts.push(fragment.text);
  }
  return written(texts.join(separator));
}

/**
 * Writes each text and joins them. Texts that exceed a query's limit are not written at all: 125,000 strings of
 * a REG_MULTI_SZ took six seconds only to be omitted.
 */
export function joinEach(
  texts: readonly string[],
  separator: string,
  write: (text: string) => Fragment,
): Fragment {
  let size = 0;
  for (const text of texts) {
    size += text.length + separator.length;
    if (texts.length > 1 && size > LONGEST_QUERY) return missing('too-many');
  }
  return join(texts.map(write), separator);
}

/** Our own code as a fragment. Never for text from an event. */
export const written = (code: string): Fragment<never> => ({ text: code, problem: null });

/** The reason why a fragment is missing. */
export const missing = <Problem extends string>(problem: Problem): Fragment<Problem> => ({
  text: null,
  problem,
});

/** What prevents a text from being a literal of any language. */
export function problemOf(text: string): LiteralProblem | null {
  if (text.includes('\0')) return 'nul';
  if (!text.isWellFormed()) return 'lone-surrogate';
  return text.length > LONGEST_LITERAL ? 'too-long' : null;
}

type Part = { readonly text: string; readonly isPlain: boolean };

/** Some forty queries of an alert quote the same dozen texts. */
const MOST_KNOWN = 256;
const knownParts = new Map<string, readonly Part[]>();

function partsOf(text: string): readonly Part[] {
  let parts = knownParts.get(text);
  if (parts === undefined) {
    if (knownParts.size === MOST_KNOWN) knownParts.clear();
    parts = split(text);
    knownParts.set(text, parts);
  }
  return parts;
}

/** Pieces that a query can show unchanged, and pieces to be written by code: not ASCII, invisible, or a link. */
function split(text: string): readonly Part[] {
  const coded = linkedOrHidden(text);
  const isPlain = (at: number): boolean => text[at]! >= ' ' && text[at]! <= '~' && !coded.has(at);
  const parts: Part[] = [];
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const end = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    if (end === text.length || isPlain(at) !== isPlain(end)) {
      parts.push({ text: text.slice(start, end), isPlain: isPlain(at) });
      start = end;
    }
    at = end;
  }
  return parts.length === 0 ? [{ text: '', isPlain: true }] : parts;
}

/** How a language writes a piece of text unchanged and by code, and how pieces form one literal. */
type Forms = {
  readonly plain: (text: string) => string;
  readonly escaped: (text: string) => string;
  readonly whole: (parts: readonly string[]) => string;
};

function literal({ plain, escaped, whole }: Forms): Quote {
  return text => {
    const problem = problemOf(text);
    if (problem !== null) return missing(problem);
    return written(whole(partsOf(text).map(part => (part.isPlain ? plain : escaped)(part.text))));
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const units = (text: string): number[] => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

const bytes = (text: string): number[] => Array.from(new TextEncoder().encode(text));

const base64 = (text: string): string => btoa(String.fromCharCode(...bytes(text)));
