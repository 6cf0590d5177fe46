import { expect, it } from 'vitest';
import { read } from './normalized.ts';
import { DATA, evtxDump, fluentBit, nxlog, SYSMON_13 } from './records.ts';

const rows: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['DWORD (0x00000000)', '0', 'SZ_DWORD'],
  ['DWORD (0xffffffff)', '4294967295', 'SZ_DWORD'],
  ['QWORD (0x00000001-0x00000002)', '258', 'SZ_QWORD'],
  ['QWORD (0xffffffff-0xffffffff)', '1103806594815', 'SZ_QWORD'],
  ['DWORD (0x1)', 'DWORD (0x1)', 'REG_SZ'],
  ['DWORD (0x00000001) ', 'DWORD (0x00000001) ', 'REG_SZ'],
  ['Binary Data', 'Binary Data', 'REG_BINARY'],
  ['', undefined, undefined],
  ['-', undefined, undefined],
];
it.each(rows)('Details %j is %j, %j', (Details, data, type) => {
  const record = nxlog({ ...SYSMON_13, Details });
  expect([read(record, 'registry.data.strings')[0], read(record, 'registry.data.type')[0]]).toEqual([
    data,
    type,
  ]);
});

it('StringInserts of older manifests lack the user, then the name of the rule; other lists give no field', () => {
  const values = Object.values(SYSMON_13);
  for (const inserts of [values, values.slice(0, 8), values.slice(1), values.slice(1, 8)])
    expect(read(fluentBit(inserts), 'registry.data.strings')).toEqual([DATA]);
  expect(read(fluentBit(values.slice(2)), 'registry.path')).toEqual([]);
});

it("the writer's own process id is not that of the process", () => {
  const { ProcessId: _, ...without } = SYSMON_13;
  for (const record of [nxlog(without), fluentBit(null)])
    expect(read(record, 'process.pid')).not.toContain(3388);
});

it('a name in evtx_dump gets the braces that all others write', () => {
  const bare = { ...SYSMON_13, ProcessGuid: '0F3C8A5E-6C1D-6702-9C01-000000001200' };
  expect(read(evtxDump(bare), 'process.entity_id')).toEqual([SYSMON_13.ProcessGuid]);
});
