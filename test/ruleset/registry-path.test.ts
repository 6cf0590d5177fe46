import { describe, expect, it } from 'vitest';
import { fitsKey, foldAscii, parseRegistryPath } from '../../functions/alert/ruleset/registry-path.ts';

describe('a registry path', () => {
  const user = 'S-1-5-21-3623811015-3361044348-30300820-1107';
  const rows: readonly (readonly [path: string, root: string, owner: string, below: string])[] = [
    ['HKLM\\Software\\X', 'machine', 'machine', 'Software\\X'],
    ['hklm\\Software\\X', 'machine', 'machine', 'Software\\X'],
    ['\\REGISTRY\\MACHINE\\SYSTEM\\A', 'machine', 'machine', 'SYSTEM\\A'],
    [`HKEY_USERS\\${user}\\Environment\\V`, 'user', 'user', 'Environment\\V'],
    [`\\REGISTRY\\USER\\${user}\\Environment\\V`, 'user', 'user', 'Environment\\V'],
    [`HKU\\${user}_Classes\\A`, 'user', 'classes', 'A'],
    ['HKEY_USERS\\.DEFAULT\\A', 'user', 'system', 'A'],
    ['HKEY_USERS\\S-1-5-18\\A', 'user', 'system', 'A'],
    ['HKEY_USERS\\S-1-5-19\\A', 'user', 'local-service', 'A'],
    ['HKEY_USERS\\S-1-5-20\\A', 'user', 'network-service', 'A'],
    ['HKEY_USERS\\S-1-5-80-1-2-3-4-5\\A', 'user', 'service', 'A'],
    ['HKEY_USERS\\S-1-12-1-1-2-3-4\\A', 'user', 'entra-user', 'A'],
    ['HKEY_USERS\\loot\\A', 'user', 'mounted', 'A'],
    ['HKEY_USERS\\S-1-5-21-evil\\A', 'user', 'mounted', 'A'],
    [`HKEY_USERS\\S-1-${'1'.repeat(20_000)}_Classes\\A`, 'user', 'mounted', 'A'],
    [`HKEY_USERS\\S-1-${'1-'.repeat(20_000)}_Classe\\A`, 'user', 'mounted', 'A'],
    ['HKEY_USERS', 'other', 'mounted', 'HKEY_USERS'],
    ['HKLMX\\A', 'other', 'mounted', 'HKLMX\\A'],
    ['', 'other', 'mounted', ''],
  ];
  it.each(rows)('%.60s is %s of %s', (path, root, owner, below) => {
    const place = parseRegistryPath(path);
    expect([place.root, place.owner.kind, place.below]).toEqual([root, owner, below]);
  });
});

describe('a documented key', () => {
  const rows: readonly (readonly [documented: string, key: string, fits: boolean])[] = [
    ['Software\\Run', 'software\\RUN', true],
    ['Software\\Run', 'Software\\Run\\deeper', false],
    ['SYSTEM\\*ControlSet*\\Services\\*', 'SYSTEM\\ControlSet001\\Services\\evil', true],
    ['SYSTEM\\*ControlSet*\\Services\\*', 'SYSTEM\\CurrentControlSet\\Services\\a\\b', false],
    ['A\\*', 'A\\', true],
    ['A\\b*b', 'A\\b', false],
  ];
  it.each(rows)('%s fits %s: %s', (documented, key, fits) => expect(fitsKey(documented, key)).toBe(fits));
});

it('folds A to Z and nothing else', () => {
  expect(foldAscii('KELVIN \u212A \u0130 É')).toBe('kelvin \u212A \u0130 É');
});
