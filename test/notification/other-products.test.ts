import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { runCommand } from '../cli/run-command.ts';
import { cloudFunnel, defender, fdr, fdrProcess, SYSMON_13, winlogbeat } from '../logs/ecs/records.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

const VARIANT = 'persistence-via-wmi-stdregprov-sysmon';
const DEVICE = '0123456789abcdef0123456789ABCDEF01234567';

/** Each product's own record, and the index in which Elastic would have it. */
const PRODUCTS = [
  ['Sysmon', [winlogbeat(SYSMON_13)], 'winlogbeat-*,logs-windows.*'],
  ['Defender', [defender({ DeviceId: DEVICE })], 'logs-m365_defender.event-*'],
  ['CrowdStrike', [fdrProcess(), fdr()], 'logs-crowdstrike.fdr*'],
  ['SentinelOne', [cloudFunnel()], 'logs-sentinel_one_cloud_funnel.*'],
] as const;

describe("an alert of another product's record", () => {
  const directory = temporaryFolder();
  const mails = new Map<string, string>();
  beforeAll(async () => {
    cpSync(`rules/${VARIANT}`, join(directory, 'rules', VARIANT), { recursive: true });
    const rule = join(directory, 'rules', VARIANT, 'rule.toml');
    writeFileSync(rule, readFileSync(rule, 'utf8').replace(/^disabled = true$/m, ''));
    for (const [name, records] of PRODUCTS) {
      const path = join(directory, `${name}.ndjson`);
      writeFileSync(path, records.map(record => `${JSON.stringify(record)}\n`).join(''));
      const scan = ['scan', '--rules', join(directory, 'rules'), '--format', 'email', path];
      mails.set(name, (await runCommand(scan)).out);
    }
  });

  it.each(PRODUCTS)('%s asks its own index, and for no field of Elastic Defend', (name, _, index) => {
    const mail = mails.get(name)!;
    expect(mail).toMatch(/^Subject: \[high\] /);
    expect(mail).toContain(index);
    expect(mail.match(/logs-endpoint|Effective_process|\.Ext\.|connection_accepted|origin_url/g)).toBeNull();
    // CrowdStrike's events do not name their host.
    const first = name === 'CrowdStrike' ? index : 'logs-system.security-*';
    expect(/\(KQL,([^)]+)\)/.exec(mail.slice(mail.indexOf('\n  WHO ')))![1]!.trim()).toBe(first);
  });

  it("leads to the host in Defender's console, an hour around the event, and for no other form of id", async () => {
    const page = `https://security.microsoft.com/machines/${DEVICE.toLowerCase()}/timeline`;
    expect(mails.get('Defender')).toContain(
      `${page}?from=2026-10-05T01:16:51.125Z&to=2026-10-05T02:16:51.125Z`,
    );
    expect(mails.get('Sysmon')).not.toContain('security.microsoft.com');
    const path = join(directory, 'odd.ndjson');
    writeFileSync(path, JSON.stringify(defender({ DeviceId: `${DEVICE}/../evil` })));
    const { out } = await runCommand([
      'scan',
      '--rules',
      join(directory, 'rules'),
      '--format',
      'email',
      path,
    ]);
    expect(out).not.toContain('security.microsoft.com');
  });

  it('says no time in that link that a query could not hold either', async () => {
    const [line] = readFileSync(`rules/${VARIANT}/match.ndjson`, 'utf8').split('\n');
    const { registry, process, host } = JSON.parse(line!) as { readonly [name: string]: object };
    const late = {
      '@timestamp': '+275760-09-13T00:00:00.000Z',
      data_stream: { dataset: 'm365_defender.event' },
      event: { category: 'registry', type: 'change' },
      host: { ...host, id: DEVICE },
      ...{ process, registry },
    };
    const path = join(directory, 'late.ndjson');
    writeFileSync(path, JSON.stringify(late));
    const scan = ['scan', '--rules', join(directory, 'rules'), '--format', 'email', path];
    const { out, status } = await runCommand(scan);
    expect(status).toBe(0);
    expect(out).toContain(`machines/${DEVICE.toLowerCase()}/timeline`);
    expect(out).not.toContain('275760-09-13T00:30');
  });

  it("has Defender's types of values, so that its removal compares them", () => {
    expect(mails.get('Defender')).toMatch(/R04 [^\n]*\n {4}& \{ \$k = \$null;/);
  });
});
