import type { Alert } from '../../detection/index.ts';

/** What a query can look for when it asks whether the written value was acted on. Texts are the attacker's. */
export type Target = {
  /** Loaded by a process that is already there, so no process start tells of it. */
  readonly isLibrary: boolean;
  /** Whole paths with a drive that are certainly the file. */
  readonly files: readonly string[];
  /** Whole paths that may be it, good enough to search for and not to open. */
  readonly guesses: readonly string[];
  /** File names, where the path before them has variables. */
  readonly names: readonly string[];
  /** Whole command lines. */
  readonly lines: readonly string[];
};

/** More strings of a REG_MULTI_SZ than these make a query that nobody reads. */
const MOST_LINES = 8;

export function targetOf({ facts, location }: Alert): Target {
  const lines = facts.registry.data.filter(line => line.trim() !== '').slice(0, MOST_LINES);
  const [line = ''] = lines;
  switch (location?.payload) {
    case 'dll':
      return library(lines);
    case 'runonceex': {
      // dll|function|arguments, or ||command line
      const [dll = '', , ...rest] = line.split('|');
      if (dll !== '' && line.includes('|')) return library([dll]);
      return dll === '' && rest.length > 0 ? started([rest.join('|')]) : started(lines, facts.program);
    }
    case 'shell':
      return started(lines.flatMap(list => list.split(',').map(part => part.trim())).filter(isNotExplorer));
    case 'service-program':
      return /\.sys$/i.test(line) ? library(lines) : started(lines, facts.program);
    default:
      return started(lines, facts.program);
  }
}

/** The file that the data names, where that is certain. */
export function fileOf(alert: Alert): string | null {
  const { files } = targetOf(alert);
  return files.length === 1 ? files[0]! : null;
}

function started(lines: readonly string[], program: string | null = null): Target {
  const files = distinct([...(program === null ? [] : [program]), ...lines.filter(isBarePath)]);
  const first = lines.flatMap(commandsOf).map(firstWord);
  return {
    isLibrary: false,
    files,
    guesses: distinct(first.filter(word => isWholePath(word) && !files.includes(word))),
    names: distinct(first.filter(hasVariable).flatMap(fileName)),
    lines,
  };
}

function library(paths: readonly string[]): Target {
  const unquoted = paths.map(path => /^"([^"]+)"$/.exec(path)?.[1] ?? path);
  const files = unquoted.filter(isBarePath);
  const names = unquoted.filter(path => !isBarePath(path)).flatMap(fileName);
  return { isLibrary: true, files, guesses: [], names, lines: [] };
}

/** Windows takes no longer command line. */
const LONGEST_LINE = 32_767;

/** cmd.exe runs what stands between `&` and `|` one by one, each with a command line of its own. */
const commandsOf = (line: string): string[] =>
  line
    .slice(0, LONGEST_LINE)
    .split(/[&|]+/)
    .map(part => part.replace(/^[\s@(]+/, ''));

const firstWord = (command: string): string =>
  /^"([^"]+)"/.exec(command)?.[1] ?? /^[^\s"]*/.exec(command)![0];

const isWholePath = (text: string): boolean => /^[A-Za-z]:\\[^"*?<>|%,;&^/]+$/.test(text);

/** A path with a drive and nothing behind it: no blank, since arguments begin at one. */
const isBarePath = (text: string): boolean => isWholePath(text) && !/\s/.test(text);

const hasVariable = (path: string): boolean => /%[^%\\]+%|^\\SystemRoot\\/i.test(path);

/** What follows the last backslash, where it is the name of a file. */
function fileName(path: string): string[] {
  const name = path.slice(path.lastIndexOf('\\') + 1);
  return /^[^%/:*?"<>|]+\.[A-Za-z0-9]{2,4}$/.test(name) ? [name] : [];
}

const isNotExplorer = (part: string): boolean => part !== '' && !/^explorer(\.exe)?$/i.test(part);

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
