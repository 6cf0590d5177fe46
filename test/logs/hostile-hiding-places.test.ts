import { describe, expect, it } from 'vitest';
import { CHUNKS, keys, line, nested, one } from './hostile-row.ts';
import { read } from './reading.ts';

describe('hostile input: hiding places', () => {
  const literals = ['wmiprvse.exe'];
  const hidden: readonly (readonly [string, string])[] = [
    [
      'RecordOversize',
      `{"event":{"id":"x"},"f":"${'x'.repeat(3000)}","p":"WMIPRVSE.EXE","g":"${'y'.repeat(3000)}"}`,
    ],
    [
      'RecordOversize',
      `{"event":{"id":"x"},"f":"${'x'.repeat(3000)}","p":"wmi\\u0050rvse\\u002EeXe","g":"${'y'.repeat(3000)}"}`,
    ],
    ['TooDeep', nested(100).replace('1', '"a WmiPrvSE.exe b"')],
    ['TooWide', keys(200).replace('1', '"WmiPrvSE.exe"')],
    ['InvalidJson', '{"p":"WmiPrvSE.exe",}'],
    ['InvalidJson', 'Nov 24 ws-1 agent: {"p":"WmiPrvSE.exe"}'],
    ['InvalidJson', '{"log":"{\\"p\\":\\"wmi\\\\u0070rvse.exe\\"'],
    ['NotAnObject', '"wmiprvse.exe"'],
    [
      'TextNotOpened',
      '{"event":{"category":"network"},"f":"{\\"event\\":{\\"category\\":\\"registry\\"},\\"p\\":\\"wmiprvse.exe\\"}"}',
    ],
    [
      'TextNotOpened',
      '{"index":{"_x":"{\\"event\\":{\\"category\\":\\"registry\\"},\\"p\\":\\"wmiprvse.exe\\"}"}}',
    ],
    ['InvalidJson', '\v{"p":"wmiprvse.exe"}'],
  ];

  it.each(hidden)('%s with a literal is suspicious', async (code, json) => {
    const options = { literals, limits: { maxRecordBytes: 4000, maxKeys: 100 } };
    for (const chunk of CHUNKS) {
      const { report } = await read(line(json), { ...options, chunk });
      expect(report.suspicious).toEqual([{ code, record: 2, offset: one.length }]);
      expect(report.suspiciousCount).toBe(1);
    }
  });

  it('is not where the literal is not', async () => {
    const { report } = await read(line('{"p":"wmi\\u0026\\u0070.exe",}'), { literals });
    expect(report).toMatchObject({ suspiciousCount: 0, skipped: { InvalidJson: 1 } });
  });

  it('is one where a literal beyond the first plane is escaped as its two halves', async () => {
    const { report } = await read(line('{"p":"\\ud83d\\ude00z",}'), { literals: ['\u{1f600}z'] });
    expect(report.suspiciousCount).toBe(1);
  });

  it('is watched as well where every record is decoded', async () => {
    const { report } = await read(line('{"p":"WmiPrvSE.exe",}'), { literals: null, watched: literals });
    expect(report.suspiciousCount).toBe(1);
  });
});
