import type { JsonObject, JsonValue } from '../json.ts';
import { ecsDocument, type Fields, member } from './ecs-document.ts';

/** A value that the product did not write where the rules look for it, and its source. */
export type Inferred = {
  readonly field: string;
  readonly value: string;
  /**
   * Another spelling of the same path; a product of a single operating system; an earlier process record in the object.
   */
  readonly from: 'spelling' | 'system' | 'process-record';
};

export type Extended = { readonly document: JsonObject; readonly inferred: readonly Inferred[] };

/**
 * Adds to a mapped document what rules need for a reason of form alone. What is there stays, in its place and order;
 * `others` are values that were looked up elsewhere, for fields that are empty.
 */
export function extended(
  document: JsonObject,
  isWindowsAlone: boolean,
  others: readonly Inferred[],
): Extended {
  const inferred: Inferred[] = others.filter(({ field }) => isAbsent(document, field));
  if (isWindowsAlone && isAbsent(document, 'host.os.type'))
    inferred.push({ field: 'host.os.type', value: 'windows', from: 'system' });
  const path = member(document, 'registry', 'path');
  const place = typeof path === 'string' ? placeOf(path) : null;
  if (place !== null) {
    for (const value of place.paths)
      if (value !== path) inferred.push({ field: 'registry.path', value, from: 'spelling' });
    if (isAbsent(document, 'registry.hive'))
      inferred.push({ field: 'registry.hive', value: place.hive, from: 'spelling' });
  }
  if (inferred.length === 0) return { document, inferred };
  const fields: { [name: string]: JsonValue } = {};
  for (const { field, value } of inferred) {
    if (field === 'registry.path')
      fields[field] = [...((fields[field] as readonly string[]) ?? [path!]), value];
    else fields[field] = value;
  }
  return { document: ecsDocument(fields satisfies Fields, document), inferred };
}

function isAbsent(document: JsonObject, field: string): boolean {
  return member(document, ...field.split('.')) === undefined;
}

/**
 * The spellings that Elastic's rules use for a part of the registry: `HKLM\` for the machine, `HKEY_USERS\` and `HKU\`
 * for users. `HKCU\` is a user's only before a SID, as Defender writes it; else nobody knows whose it is.
 */
function placeOf(path: string): { readonly hive: string; readonly paths: readonly string[] } | null {
  const machine = /^(?:HKLM|HKEY_LOCAL_MACHINE|MACHINE|\\REGISTRY\\MACHINE)\\/i.exec(path)?.[0];
  if (machine !== undefined) return { hive: 'HKLM', paths: [`HKLM\\${path.slice(machine.length)}`] };
  const user =
    /^(?:HKU\\HKEY_USERS|HKU|HKEY_USERS|USER|\\REGISTRY\\USER|(?:HKCU|HKEY_CURRENT_USER)(?=\\S-1-\d))\\/i.exec(
      path,
    )?.[0];
  if (user === undefined) return null;
  const rest = path.slice(user.length);
  return { hive: 'HKU', paths: [`HKEY_USERS\\${rest}`, `HKU\\${rest}`] };
}
