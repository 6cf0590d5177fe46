/** The start of a command line, parsed: which file Windows would start, and its arguments. */
export type CommandLine = {
  /** Files that Windows would try, in its order; the first that exists is run. At least one. */
  readonly candidates: readonly string[];
  /** The candidate that was most likely meant. */
  readonly likely: string;
  /** What follows `likely`, without the spaces between. */
  readonly rest: string;
  /** Only one file can be meant. */
  readonly isCertain: boolean;
};

const MOST_CANDIDATES = 16;

/** Extensions that end the name of something Windows starts or loads; others may be part of a folder's name. */
const RUNNABLE =
  /\.(exe|com|bat|cmd|scr|pif|cpl|dll|sys|ocx|vbs|vbe|js|jse|wsf|wsh|ps1|psm1|hta|msi|msc|lnk|url|inf|sct|py|jar)$/i;

/** Windows programs that are started without their extension; the first such name is what Windows finds. */
const WELL_KNOWN =
  /(^|[\\/])(cmd|powershell|pwsh|rundll32|regsvr32|mshta|msiexec|wscript|cscript|svchost|explorer|certutil|bitsadmin|conhost|forfiles|pcalua|schtasks|reg|net|sc|wmic|msbuild|installutil|regasm|regsvcs)$/i;

export const isWellKnown = (path: string): boolean => WELL_KNOWN.test(path.slice(-20).replace(/\.exe$/i, ''));

/**
 * Splits a command line where CreateProcessW would: at the closing quote, or, without quotes, at each space in turn,
 * so that `C:\Program Files\A B\x.exe` is first tried as `C:\Program.exe` (Microsoft Learn, CreateProcessW,
 * lpCommandLine). `null`: there is nothing to start.
 */
export function splitCommand(text: string): CommandLine | null {
  const line = text.trimStart();
  if (line.startsWith('"')) {
    const end = line.indexOf('"', 1);
    const path = line.slice(1, end < 0 ? undefined : end);
    if (path.trim() === '') return null;
    const likely = withExtension(path);
    return { candidates: [likely], likely, rest: end < 0 ? '' : line.slice(end + 1).trim(), isCertain: true };
  }
  const ends = prefixEnds(line);
  if (ends.length === 0) return null;
  const chosen = chosenEnd(line, ends);
  const candidates = ends.filter(end => end <= chosen).map(end => withExtension(line.slice(0, end)));
  const likely = candidates.at(-1)!;
  return { candidates, likely, rest: line.slice(chosen).trim(), isCertain: candidates.length === 1 };
}

/** Where the file's name may end: before each space, up to the first end after a runnable extension. */
function prefixEnds(line: string): number[] {
  const ends: number[] = [];
  for (let at = 0; at <= line.length && ends.length < MOST_CANDIDATES; at++) {
    const isEnd = at === line.length || isBlank(line[at]!) || line[at] === '"';
    if (!isEnd || at === 0 || isBlank(line[at - 1]!)) continue;
    ends.push(at);
    if (RUNNABLE.test(line.slice(Math.max(0, at - 6), at)) || line[at] === '"') break;
  }
  return ends;
}

/**
 * The end that was likely meant: after a runnable extension, else before the first word that looks like an argument,
 * provided that no backslash in a later word shows that a folder's name contains spaces.
 */
function chosenEnd(line: string, ends: readonly number[]): number {
  const known = ends.find(end => WELL_KNOWN.test(line.slice(Math.max(0, end - 16), end)));
  if (known !== undefined) return known;
  const last = ends.at(-1)!;
  const isRunnable = (end: number) => RUNNABLE.test(line.slice(Math.max(0, end - 6), end));
  if (isRunnable(last) && !ends.slice(0, -1).some(end => startsArgument(line, end))) {
    // `cmd foo.bat` starts cmd: only a path can continue after a space.
    if (ends.length === 1 || /[\\/]/.test(line.slice(0, ends[0]))) return last;
    return ends[0]!;
  }
  let chosen = ends[0]!;
  if (!line.slice(0, chosen).includes('\\')) return chosen;
  for (const [index, end] of ends.entries()) {
    if (startsArgument(line, ends[index - 1] ?? -1)) break;
    if (index > 0 && line.slice(ends[index - 1], end).includes('\\')) chosen = end;
  }
  return chosen;
}

/** Whether the word after a space begins like an argument: a switch, a variable, a quote, or another full path. */
function startsArgument(line: string, end: number): boolean {
  if (end < 0) return false;
  return /^\s+([-/"%@]|[A-Za-z]:\\|\\\\|https?:)/i.test(line.slice(end, end + 16));
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t';

/** CreateProcessW adds `.exe` to a name without an extension. */
function withExtension(path: string): string {
  const trimmed = path.trim();
  return fileNameOf(trimmed).includes('.') || trimmed.endsWith('\\') ? trimmed : `${trimmed}.exe`;
}

/** What follows the last slash of either kind. */
export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** The name of a program as rules compare it: lower case. */
export const programNameOf = (path: string): string => fileNameOf(path).toLowerCase();

export type Word = {
  readonly text: string;
  /** Where it begins and ends in the line, quotes included. */
  readonly from: number;
  readonly to: number;
};

const MOST_WORDS = 256;

/** The arguments of a line, with quotes removed as CommandLineToArgvW does (`\"` is a quote of the text). */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length && words.length < MOST_WORDS) {
    while (at < line.length && isBlank(line[at]!)) at++;
    if (at >= line.length) break;
    const from = at;
    let isQuoted = false;
    const parts: string[] = [];
    let start = at;
    for (; at < line.length && (isQuoted || !isBlank(line[at]!)); at++) {
      if (line[at] !== '"') continue;
      const isEscaped = line[at - 1] === '\\' && line[at - 2] !== '\\' && at > from;
      parts.push(line.slice(start, isEscaped ? at - 1 : at));
      start = isEscaped ? at : at + 1;
      if (!isEscaped) isQuoted = !isQuoted;
    }
    parts.push(line.slice(start, at));
    words.push({ text: parts.join(''), from, to: at });
  }
  return words;
}
