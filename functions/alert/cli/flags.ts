import { parseArgs } from 'node:util';
import { nearestOf } from '../ruleset/index.ts';
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
 * Reads `--name value`, `--name=value` and switches; `--` ends the flags. The rest are the operands.
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
  const flags = new Map<string, string | true>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
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
    if (value !== undefined && typeof kind !== 'string' && !kind.includes(value))
      throw new UsageError(`--${name} takes ${kind.join(', ')}; not ${JSON.stringify(value)}`);
    flags.set(name, value ?? true);
  }
  return { flags: Object.fromEntries(flags) as Flags<Spec>, operands };
}

/** `unknown flag --locael; did you mean --locale?` */
export function unknown(what: string, given: string, known: readonly string[]): string {
  const near = nearestOf(given, known);
  return `unknown ${what} ${JSON.stringify(given)}${near ? `; did you mean ${near}?` : `; known: ${known.join(', ')}`}`;
}

/** A time of `--as-of` or `--from`: ISO 8601, UTC where no zone is given. Milliseconds. */
export function readTime(flag: string, text: string): number {
  const zoned = /^\d{4}-\d\d-\d\d$/.test(text) || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(ms)) {
    throw new UsageError(`--${flag} takes a time such as 2026-11-24T02:48:10Z; got ${JSON.stringify(text)}`);
  }
  return ms;
}
