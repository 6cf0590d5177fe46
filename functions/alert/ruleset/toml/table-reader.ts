import { type ProblemCode, type Problems, pointAt, quote, type Source, unknownName } from '../problem.ts';
import { offsetInside, type TomlMember, type TomlTable, type TomlValue } from './toml.ts';

/**
 * Reads the members of one table and reports the errors of each: a missing key, a wrong type, a value outside
 * its list, and at the end every key that was not read.
 */
export class TableReader {
  readonly source: Source;
  readonly problems: Problems;
  private readonly table: TomlTable;
  private readonly title: string;
  private readonly asked = new Set<string>();

  constructor(source: Source, table: TomlTable, title: string, problems: Problems) {
    this.source = source;
    this.table = table;
    this.title = title;
    this.problems = problems;
  }

  has(key: string): boolean {
    return this.table.value.has(key);
  }

  require(...keys: readonly string[]): void {
    const missing = keys.filter(key => !this.has(key));
    if (missing.length > 0)
      this.report(this.table.at, 'MissingKey', `${this.title} has no ${missing.join(', ')}`);
  }

  text(key: string): string | undefined {
    return this.take(key, 'string')?.value;
  }

  /** A string that is not blank. */
  words(key: string): string | undefined {
    const text = this.text(key);
    if (text !== undefined && text.trim() === '') this.wrong(key, `${key} is empty`);
    return text;
  }

  /** A string that matches the pattern. */
  shaped(key: string, shape: RegExp, means: string): string | undefined {
    const text = this.text(key);
    if (text === undefined || shape.test(text)) return text;
    this.wrong(key, `${key} is ${quote(text)}; it takes ${means}`);
    return undefined;
  }

  oneOf<const Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const choice = choices.find(choice => choice === text);
    if (choice === undefined) this.wrong(key, `${unknownName(key, text, choices)} (${choices.join(', ')})`);
    return choice;
  }

  integer(key: string, least: number, most: number): number | undefined {
    const found = this.take(key, 'number');
    if (found === undefined) return undefined;
    if (found.isInteger && found.value >= least && found.value <= most) return found.value;
    this.wrong(key, `${key} takes a whole number from ${least} to ${most}`);
    return undefined;
  }

  flag(key: string): boolean | undefined {
    return this.take(key, 'boolean')?.value;
  }

  /** A date or time, written as such or as a string. */
  time(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (value.kind === 'time' || value.kind === 'string') return value.value;
    this.report(value.at, 'WrongType', `${key} takes a date such as 2026-11-24`);
    return undefined;
  }

  texts(key: string): readonly string[] | undefined {
    return this.list(key)?.flatMap(item => {
      if (item.kind === 'string') return [item.value];
      this.report(item.at, 'WrongType', `${key} takes strings`);
      return [];
    });
  }

  integers(key: string): readonly number[] | undefined {
    return this.list(key)?.flatMap(item => {
      if (item.kind === 'number' && item.isInteger) return [item.value];
      this.report(item.at, 'WrongType', `${key} takes whole numbers`);
      return [];
    });
  }

  sub(key: string): TableReader | undefined {
    const table = this.take(key, 'table');
    return table && new TableReader(this.source, table, `[${key}]`, this.problems);
  }

  subs(key: string): readonly TableReader[] {
    const items = this.list(key) ?? [];
    return items.flatMap(item => {
      if (item.kind === 'table') return [new TableReader(this.source, item, `[[${key}]]`, this.problems)];
      this.report(item.at, 'WrongType', `${key} takes tables, [[${key}]]`);
      return [];
    });
  }

  value(key: string): TomlValue | undefined {
    return this.member(key)?.value;
  }

  list(key: string): readonly TomlValue[] | undefined {
    return this.take(key, 'array')?.value;
  }

  /** Position of the value of a key, or of the table if it is missing. */
  at(key: string): number {
    return this.table.value.get(key)?.value.at ?? this.table.at;
  }

  wrong(key: string, message: string, code: ProblemCode = 'WrongValue'): void {
    this.report(this.at(key), code, message);
  }

  /** About a position inside the string of a key. */
  wrongInside(key: string, offset: number, message: string, code: ProblemCode): void {
    const value = this.table.value.get(key)?.value;
    const at = value?.kind === 'string' ? offsetInside(this.source, value, offset) : this.at(key);
    this.report(at, code, message);
  }

  line(): number {
    return pointAt(this.source.text, this.table.at).line;
  }

  report(at: number, code: ProblemCode, message: string): void {
    this.problems.at(this.source, at, code, message);
  }

  /** Ends reading: every key that was neither read nor is in `ignored` is refused. */
  refuseOthers(ignored: readonly string[] = []): void {
    const known = [...this.asked, ...ignored];
    for (const [key, { keyAt }] of this.table.value) {
      if (known.includes(key)) continue;
      this.report(keyAt, 'UnknownKey', unknownName('key', key, known, ` in ${this.title}`));
    }
  }

  private take<Kind extends TomlValue['kind']>(
    key: string,
    kind: Kind,
  ): Extract<TomlValue, { kind: Kind }> | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (value.kind === kind) return value as Extract<TomlValue, { kind: Kind }>;
    this.report(value.at, 'WrongType', `${key} takes ${TYPE_NAMES[kind]}, not ${TYPE_NAMES[value.kind]}`);
    return undefined;
  }

  private member(key: string): TomlMember | undefined {
    this.asked.add(key);
    return this.table.value.get(key);
  }
}

const TYPE_NAMES: Record<TomlValue['kind'], string> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  time: 'a date',
  array: 'a list',
  table: 'a table',
};
