import type { Alert } from '../../functions/alert/detection/index.ts';
import type { Location } from '../../functions/alert/ruleset/index.ts';
import { alertOf, RULE, USER_SID, writeEvent } from './fixture.ts';

/** One ordinary write at each documented place of the rule. */
export const LOCATION_ROWS: readonly { readonly number: number; readonly alert: () => Alert }[] =
  RULE.locations.map(location => ({
    number: location.number,
    alert: () =>
      alertOf(
        writeEvent({
          hive: location.hive === 'machine' ? 'HKLM' : 'HKEY_USERS',
          key: keyOf(location),
          value: location.value === '*' ? 'Updater' : location.value,
          strings: [location.payload === 'dll' ? 'C:\\ProgramData\\up.dll' : 'C:\\Users\\Public\\up.exe -s'],
        }),
      ),
  }));

export function keyOf({ hive, key }: Location): string {
  const named = key
    .replace('ControlSet*', 'ControlSet001')
    .replace('*ControlSet*', 'ControlSet001')
    .replaceAll('*', 'Sample');
  return hive === 'machine' ? named : `${USER_SID}\\${named}`;
}
