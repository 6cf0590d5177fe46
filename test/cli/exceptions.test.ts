import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { exceptionFor, repeatOf } from '../lambda/events.ts';
import { rulesWith } from '../lambda/invoke.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { runCommand } from './run-command.ts';

const [one, two, three] = [MATCH[0]!, MATCH[1]!, MATCH[2]!];
const times = { created: '2026-09-01', expires: '2026-11-01' };
const exceptions =
  exceptionFor(one, 'inventory', times) + exceptionFor(two, 'updater', { ...times, expires: '2027-01-01' });

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

/** Alerts of a scan by the event they are of, and what the report counts. */
async function scanned(bodies: Readonly<Record<string, string>>, asOf: string) {
  const rules = rulesWith({ exceptions });
  for (const [name, body] of Object.entries(bodies)) writeFileSync(at(name), body);
  const paths = Object.keys(bodies).map(at);
  const flags = ['--rules', rules, '--format', 'json', '--as-of', asOf, '--report', at('report.json')];
  const { status, out } = await runCommand(['scan', ...flags, ...paths]);
  type Counts = { exceptedBy: object; excepted: number; alerts: number; matches: number };
  const report = JSON.parse(readFileSync(at('report.json'), 'utf8')) as {
    objects: Counts[];
    totals: Counts;
  };
  const records = out
    .split('\n')
    .filter(Boolean)
    .map(line => (JSON.parse(line) as { evidence: { record: number } }).evidence.record);
  return { status, records, report };
}

describe('scan', () => {
  const log = `${one}\n${two}\n${three}\n`;

  it('alerts on one event more between two times of --as-of, where an exception ends between them', async () => {
    const before = await scanned({ 'a.ndjson': log }, '2026-10-31T23:59:59Z');
    const after = await scanned({ 'a.ndjson': log }, '2026-11-01T00:00:00Z');
    expect([before.records, after.records]).toEqual([[3], [1, 3]]);
    expect([before.report.totals, after.report.totals]).toMatchObject([
      { matches: 3, excepted: 2, alerts: 1, exceptedBy: { inventory: 1, updater: 1 } },
      { matches: 3, excepted: 1, alerts: 2, exceptedBy: { updater: 1 } },
    ]);
  });

  it('counts in the summary what exceptions accept', async () => {
    writeFileSync(at('b.ndjson'), log);
    const flags = ['--rules', rulesWith({ exceptions }), '--format', 'summary', '--as-of', '2026-10-31'];
    const { out } = await runCommand(['scan', ...flags, at('b.ndjson')]);
    expect(out).toMatch(/1 read, 3 records, 3 matches, 2 accepted by exceptions, 1 alerts\n$/);
  });

  it('holds no exception for standard input, whose time nobody says', async () => {
    const rules = rulesWith({ exceptions });
    const flags = ['scan', '--rules', rules, '--format', 'json'];
    const stdin = Buffer.from(log);
    const alerts = async (...more: readonly string[]) =>
      (await runCommand([...flags, ...more, '-'], { stdin })).out.split('\n').filter(Boolean).length;
    expect(await alerts()).toBe(3);
    expect(await alerts('--as-of', '2026-10-31')).toBe(1);
  });

  it('reports by each exception what it accepts, of every object and in all', async () => {
    const bodies = {
      'b.ndjson': `${log}${repeatOf(one)}\n`,
      'c.ndjson': `${one}\n`,
      'd.ndjson': `${three}\n`,
    };
    const { status, report } = await scanned(bodies, '2026-10-01T00:00:00Z');
    expect(status).toBe(0);
    expect(report.objects.map(({ exceptedBy }) => exceptedBy)).toEqual([
      { inventory: 2, updater: 1 },
      { inventory: 1 },
      {},
    ]);
    expect(report.totals).toMatchObject({ excepted: 4, exceptedBy: { inventory: 3, updater: 1 } });
  });
});
