import { INDICATORS_FILE } from './indicators.ts';
import { type ParsedToml, parsedToml, type TomlRead, tomlFrom } from './toml/parsed-toml.ts';

/** What is wrong with a published set or its pointer. */
export type SetCode = 'SetMissing' | 'SetDamaged' | 'SetTooLarge' | 'SetTooNew' | 'SetPath' | 'SetRules';

/** A published set of rules that is not used; the message names it and what to do. */
export class SetError extends Error {
  override readonly name = 'SetError';
  readonly code: SetCode;

  constructor(code: SetCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Files of rules and indicators as one text, named by its SHA-256. */
export type PublishedSet = {
  /** Hex SHA-256 of the text. */
  readonly digest: string;
  /** The version of the program that made it. */
  readonly madeBy: string;
  /** Text of the files of each rule, by folder and name. */
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `indicators.toml`; `null`: those of the package. */
  readonly indicators: string | null;
  /** Elastic's versions by rule id. */
  readonly versions: ReadonlyMap<string, number>;
  readonly readToml: TomlRead;
};

/** The format that this version writes, and the newest that it reads. */
const FORMAT = 1;

/** Where a set is below its prefix, and the pointer to those in use. */
export const setKey = (prefix: string, digest: string): string => `${prefix}/sets/${digest}.json.gz`;
export const pointerKey = (prefix: string): string => `${prefix}/current.json`;

/** Longest text of a set in UTF-8 bytes; 644 of Elastic's rules with their parsed TOML take 12 Mi. */
export const MOST_SET_LENGTH = 32 * 1024 ** 2;

const RULE_PATH = /^([a-z0-9][a-z0-9_-]*)\/((?:rule|locations|exceptions)\.toml|guide\.[A-Za-z-]+\.md)$/;

type Sha256 = (text: string) => string;

type Text = {
  readonly format: number;
  readonly madeBy: string;
  /** By path: `indicators.toml`, or folder and name. */
  readonly files: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, number>>;
  /** The files' parsed TOML: the function has no TOML parser, but still checks everything. */
  readonly toml: ParsedToml;
};

/** The text of a set; the same files give the same text. */
export function writeSet(
  files: ReadonlyMap<string, string>,
  versions: ReadonlyMap<string, number>,
  madeBy: string,
  sha256: Sha256,
): string {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const text: Text = {
    format: FORMAT,
    madeBy,
    files: Object.fromEntries(sorted),
    versions: Object.fromEntries([...versions].sort(([a], [b]) => (a < b ? -1 : 1))),
    toml: parsedToml(new Map(sorted), sha256),
  };
  return JSON.stringify(text, (_, member) => (member instanceof Map ? [...member] : member));
}

/**
 * Reads the text of a set that its pointer names by `digest`. The rules in it still have to be read and checked.
 * @throws SetError
 */
export function readSet(text: string, digest: string, sha256: Sha256): PublishedSet {
  const name = `set ${digest.slice(0, 16)}`;
  if (sha256(text) !== digest)
    throw new SetError('SetDamaged', `${name}: its text has another SHA-256; publish the rules again`);
  const set = parse(text, name);
  const folders = new Map<string, Map<string, string>>();
  for (const [path, content] of Object.entries(set.files)) {
    if (path === INDICATORS_FILE) continue;
    const [, folder, file] = RULE_PATH.exec(path) ?? [];
    if (folder === undefined || file === undefined)
      throw new SetError('SetPath', `${name}: ${JSON.stringify(path.slice(0, 100))} is not a file of a rule`);
    folders.set(folder, (folders.get(folder) ?? new Map()).set(file, content));
  }
  return {
    digest,
    madeBy: set.madeBy,
    folders,
    indicators: set.files[INDICATORS_FILE] ?? null,
    versions: new Map(Object.entries(set.versions)),
    readToml: tomlFrom(set.toml, sha256),
  };
}

function parse(text: string, name: string): Text {
  let set: Partial<Text> | null;
  try {
    set = JSON.parse(text) as Partial<Text> | null;
  } catch (cause) {
    throw new SetError('SetDamaged', `${name}: it is not JSON; publish the rules again`, { cause });
  }
  const { format, madeBy, files, versions, toml } = set ?? {};
  if (typeof format === 'number' && format > FORMAT)
    throw new SetError(
      'SetTooNew',
      `${name}: format ${format}, written by version ${madeBy}; this function supports up to ${FORMAT}: deploy the newer version first`,
    );
  const isWhole =
    format === FORMAT &&
    typeof madeBy === 'string' &&
    [files, versions, toml].every(part => typeof part === 'object' && part !== null) &&
    Object.values(files ?? {}).every(content => typeof content === 'string') &&
    Object.values(versions ?? {}).every(Number.isInteger);
  if (!isWhole) throw new SetError('SetDamaged', `${name}: parts of it are missing; publish the rules again`);
  return set as Text;
}

/** The contents of a prefix's pointer; the newest set first. */
export type Pointer = { readonly sets: readonly PointerEntry[] };

export type PointerEntry = {
  readonly digest: string;
  /** ISO 8601 UTC. */
  readonly published: string;
  /** The set that was in use before, so that every environment can report the change; `null`: there was none. */
  readonly from: string | null;
};

/** Most sets that the pointer lists. */
const MOST_SETS = 5;

/** @throws SetError `SetDamaged` */
export function readPointer(text: string): Pointer {
  let pointer: { readonly sets?: unknown } | null = null;
  try {
    pointer = JSON.parse(text) as { readonly sets?: unknown } | null;
  } catch {
    // Reported below, with other invalid pointers.
  }
  const sets = pointer?.sets;
  const isEntry = (entry: unknown): entry is PointerEntry => {
    const { digest, published, from } = (entry ?? {}) as Partial<PointerEntry>;
    const isDigest = (text: unknown): boolean => /^[0-9a-f]{64}$/.test(String(text));
    return isDigest(digest) && typeof published === 'string' && (from === null || isDigest(from));
  };
  if (!Array.isArray(sets) || sets.length === 0 || !sets.every(isEntry))
    throw new SetError('SetDamaged', 'the pointer names no set; publish the rules again');
  return { sets: sets.slice(0, MOST_SETS) };
}

/** The pointer after a set was published at `published`. */
export function pointTo(pointer: Pointer | null, digest: string, published: string): Pointer {
  const sets = pointer?.sets ?? [];
  const entry = { digest, published, from: sets[0]?.digest ?? null };
  return { sets: [entry, ...sets.filter(other => other.digest !== digest)].slice(0, MOST_SETS) };
}

/** The pointer to the previous set; `null`: there is none. */
export function pointBack({ sets: [first, second, ...others] }: Pointer, published: string): Pointer | null {
  if (!first || !second) return null;
  return { sets: [{ digest: second.digest, published, from: first.digest }, ...others] };
}

/** The prefix of published sets, as far as the function reads it. */
export type SetStore = {
  /** `s3://bucket/prefix`, for messages. */
  readonly uri: string;
  /** The pointer, unless it is the one with this ETag. `null`: there is none. @throws DeliveryError */
  readonly pointer: (
    etag: string | null,
  ) => Promise<{ readonly text: string; readonly etag: string } | 'unchanged' | null>;
  /** The text of a set; `null`: there is none. @throws SetError `SetTooLarge`, `SetDamaged`; DeliveryError */
  readonly set: (digest: string) => Promise<string | null>;
};
