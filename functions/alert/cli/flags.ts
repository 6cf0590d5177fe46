import { UsageError } from './io.ts';

/** What a command takes: a flag with a value (one of a list, or any text) or without. */
export type FlagSpec = { readonly [name: string]: 'switch' | 'text' | readonly string[] };

export type Flags<Spec extends FlagSpec> = {
  readonly [Name in keyof Spec]?: Spec[Name] extends 'switch'
    ? true
    : Spec[Name] extends readonly (infer Choice)[]
      ? Choice
      : string;
};

/**
 * Reads `--name value`, `--name=value` and switches; `--` ends the flags. What is left are the operands.
 * An unknown flag is refused with the nearest spelling.
 */
export function readFlags<const Spec extends FlagSpec>(
  args: readonly string[],
  spec: Spec,
): { flags: Flags<Spec>; operands: string[] } {
  const flags = new Map<string, string | true>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!argument.startsWith('--')) {
      operands.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    const kind = Object.hasOwn(spec, name) ? spec[name]! : undefined;
    if (kind === undefined)
      throw new UsageError(
        unknown(
          'flag',
          `--${name}`,
          Object.keys(spec).map(known => `--${known}`),
        ),
      );
    if (kind === 'switch') {
      if (equals >= 0) throw new UsageError(`--${name} takes no value`);
      flags.set(name, true);
      continue;
    }
    const value = equals >= 0 ? argument.slice(equals + 1) : args[++at];
    if (value === undefined) throw new UsageError(`--${name} needs a value`);
    if (kind !== 'text' && !kind.includes(value)) {
      throw new UsageError(`--${name} takes ${kind.join(', ')}; not ${JSON.stringify(value)}`);
    }
    flags.set(name, value);
  }
  return { flags: Object.fromEntries(flags) as Flags<Spec>, operands };
}

/** `unknown flag --locael; did you mean --locale?` */
export function unknown(what: string, given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return `unknown ${what} ${JSON.stringify(given)}${near ? `; did you mean ${near}?` : `; known: ${known.join(', ')}`}`;
}

/** The known name within a third of its length of edits, if there is one. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map(name => ({ name, edits: editDistance(given.slice(0, 64), name) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A time of `--as-of` or `--from`: ISO 8601, UTC where no zone is given. Milliseconds. */
export function readTime(flag: string, text: string): number {
  const zoned = /^\d{4}-\d\d-\d\d$/.test(text) || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(ms)) {
    throw new UsageError(`--${flag} takes a time such as 2026-11-24T02:48:10Z; not ${JSON.stringify(text)}`);
  }
  return ms;
}
