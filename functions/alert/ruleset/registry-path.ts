/** The owner of the part of the registry that was written. */
export type Owner = {
  readonly kind:
    | 'machine' // HKLM
    | 'user' // S-1-5-21-…
    | 'entra-user' // S-1-12-1-…
    | 'system' // .DEFAULT, S-1-5-18
    | 'local-service'
    | 'network-service'
    | 'service' // S-1-5-80-…, 82, 90, 96
    | 'classes' // <sid>_Classes
    | 'mounted'; // any other name: a hive loaded by hand
  /** The second element of the path, as in the event; `null` for the machine. */
  readonly sid: string | null;
};

/** A parsed registry path: its hive, its owner, and the rest. */
export type RegistryPath = {
  readonly hive: string;
  readonly root: 'machine' | 'user' | 'other';
  readonly owner: Owner;
  /** What follows the hive and, in a user hive, the owner's element; begins without a backslash. */
  readonly below: string;
  /** What follows the hive alone. */
  readonly belowHive: string;
};

const HIVES: readonly { readonly prefix: string; readonly root: 'machine' | 'user' }[] = [
  { prefix: 'HKLM', root: 'machine' },
  { prefix: 'HKEY_LOCAL_MACHINE', root: 'machine' },
  { prefix: '\\REGISTRY\\MACHINE', root: 'machine' },
  { prefix: 'HKEY_USERS', root: 'user' },
  { prefix: 'HKU', root: 'user' },
  { prefix: '\\REGISTRY\\USER', root: 'user' },
];

/** Parses a registry path, in any of the spellings that agents write. */
export function parseRegistryPath(path: string): RegistryPath {
  for (const { prefix, root } of HIVES) {
    if (path[prefix.length] !== '\\' || foldAscii(path.slice(0, prefix.length)) !== foldAscii(prefix))
      continue;
    const hive = path.slice(0, prefix.length);
    const belowHive = path.slice(prefix.length + 1);
    if (root === 'machine')
      return { hive, root, owner: { kind: 'machine', sid: null }, below: belowHive, belowHive };
    const end = belowHive.indexOf('\\');
    const sid = end < 0 ? belowHive : belowHive.slice(0, end);
    return { hive, root, owner: ownerOf(sid), below: end < 0 ? '' : belowHive.slice(end + 1), belowHive };
  }
  return { hive: '', root: 'other', owner: { kind: 'mounted', sid: null }, below: path, belowHive: path };
}

/** The owner of a hive, by its name alone. Anything that is not a SID was mounted by hand. */
export function ownerOf(sid: string): Owner {
  const name = foldAscii(sid);
  const kind: Owner['kind'] =
    name === '.default' || name === 's-1-5-18'
      ? 'system'
      : name === 's-1-5-19'
        ? 'local-service'
        : name === 's-1-5-20'
          ? 'network-service'
          : /^s-1-5-(80|82|90|96)(-\d{1,10}){1,14}$/.test(name)
            ? 'service'
            : /^s-1-5-21(-\d{1,10}){4}$/.test(name)
              ? 'user'
              : /^s-1-12-1(-\d{1,10}){1,14}$/.test(name)
                ? 'entra-user'
                : /^s-1(-\d{1,10}){1,15}_classes$/.test(name)
                  ? 'classes'
                  : 'mounted';
  return { kind, sid };
}

/** Lower case of A to Z only, as EQL folds: other letters never change, so U+212A is not a k. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}

/**
 * Compares a path below a hive with a documented key: element by element, `*` within an element, ASCII
 * case-insensitive.
 */
export function fitsKey(documented: string, key: string): boolean {
  const wanted = foldAscii(documented).split('\\');
  const given = foldAscii(key).split('\\');
  return wanted.length === given.length && wanted.every((element, at) => fitsElement(element, given[at]!));
}

function fitsElement(wanted: string, given: string): boolean {
  const parts = wanted.split('*');
  if (parts.length === 1) return wanted === given;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (given.length < first.length + last.length || !given.startsWith(first) || !given.endsWith(last))
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= given.length - last.length;
}
