import type { Alert } from '../../detection/index.ts';

/** What a query can look for when it asks whether the written value was acted on. Texts are the attacker's. */
export type Target = {
  /** Loaded by a process that is already there, so no process start tells of it. */
  readonly isLibrary: boolean;
  /** Whole paths with a drive. */
  readonly files: readonly string[];
  /** File names, where only these are certain. */
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
  const alone = lines.filter(isBarePath);
  return {
    isLibrary: false,
    files: [...new Set(program === null ? alone : [program, ...alone])],
    names: [],
    lines,
  };
}

function library(paths: readonly string[]): Target {
  const unquoted = paths.map(path => /^"([^"]+)"$/.exec(path)?.[1] ?? path);
  const files = unquoted.filter(isBarePath);
  const names = unquoted
    .filter(path => !isBarePath(path))
    .map(path => path.slice(path.lastIndexOf('\\') + 1))
    .filter(name => /^[^%/:*?"<>|]+\.[A-Za-z0-9]{2,4}$/.test(name));
  return { isLibrary: true, files, names, lines: [] };
}

/** A path with a drive and nothing behind it: no blank, since arguments begin at one. */
const isBarePath = (text: string): boolean => /^[A-Za-z]:\\[^\s"*?<>|%,;&^/]+$/.test(text);

const isNotExplorer = (part: string): boolean => part !== '' && !/^explorer(\.exe)?$/i.test(part);
