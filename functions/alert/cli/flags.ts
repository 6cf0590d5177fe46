import { parseArgs } from 'node:util';
import { nearestOf } from '../ruleset/index.ts';
import { UsageError } from './io.ts';

/** What a command takes: a flag with a value (one of a list, a time, or any text) or without. */
export type FlagSpec = { readonly [name: string]: 'switch' | 'text' | 'time' | readonly string[] };

export type Flags<Spec extends FlagSpec> = {
  readonly [Name in keyof Spec]?: Spec[Name] extends 'switch'
    ? true
    : Spec[Name] extends 'time'
      ? number
      : Spec[Name] extends readonly (infer Choice)[]
        ? Choice
        : string;
};

/**
 * Reads `--name value`, `--name=value` and switches; `--` ends the flags. The rest are the operands. A time becomes
 * milliseconds.
 * An unknown flag is refused, with the nearest known one as a suggestion.
 */
export function readFlags<const Spec extends FlagSpec>(
  args: readonly string[],
  spec: Spec,
): { flags: Flags<Spec>; operands: string[] } {
  const options = Object.fromEntries(
    Object.entries(spec).map(([name, kind]) => [
      name,
      { type: kind === 'switch' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const flags = new Map<string, string | number | true>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const kind = Object.hasOwn(spec, name) && rawName.startsWith('--') ? spec[name]! : undefined;
    if (kind === undefined)
      throw new UsageError(
        unknown(
          'flag',
          rawName,
          Object.keys(spec).map(known => `--${known}`),
        ),
      );
    if (kind === 'switch' && value !== undefined) throw new UsageError(`--${name} takes no value`);
    if (kind !== 'switch' && value === undefined) throw new UsageError(`--${name} needs a value`);
    // Otherwise `--report --audit` writes a file named --audit.
    if (value?.startsWith('--') && !inlineValue)
      throw new UsageError(`--${name} needs a value; write --${name}=${value} if that is it`);
    if (value !== undefined && typeof kind !== 'string' && !kind.includes(value))
      throw new UsageError(`--${name} takes ${kind.join(', ')}; not ${JSON.stringify(value)}`);
    flags.set(name, value === undefined ? true : kind === 'time' ? readTime(name, value) : value);
  }
  return { flags: Object.fromEntries(flags) as Flags<Spec>, operands };
}

/** `unknown flag --locael; did you mean --locale?` */
export function unknown(what: string, given: string, known: readonly string[]): string {
  const near = nearestOf(given, known);
  return `unknown ${what} ${JSON.stringify(given)}${near ? `; did you mean ${near}?` : `; known: ${known.join(', ')}`}`;
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

/** A time of `--as-of` or `--from`: ISO 8601, UTC where no zone is given. Milliseconds. */
export function readTime(flag: string, text: string): number {
  const [, date = '', time = '00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  // Date.parse takes 30 February for 2 March.
  const isDay = !Number.isNaN(ms) && new Date(`${date}T00:00Z`).toISOString().startsWith(date);
  if (!isDay) {
    throw new UsageError(`--${flag} takes a time such as 2026-11-24T02:48:10Z; got ${JSON.stringify(text)}`);
  }
  return ms;
}
