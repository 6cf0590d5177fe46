import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { type Account, localAccount, motoAccount } from './accounts.ts';
import { Checkout } from './checkout.ts';
import { GIVEN, shown, TYPED } from './deploy-page.ts';

const directory = temporaryFolder();
const local = await localAccount(directory);
const moto = await motoAccount();
if (typeof moto === 'string') process.stderr.write(`${moto}: deployments to moto are SKIPPED\n`);
afterAll(async () => {
  await local.stop();
  if (typeof moto !== 'string') await moto.stop();
});

describe.each([
  ['our CloudFormation', local as Account],
  ['moto', moto],
])('a deployment to %s', (_, account) => {
  if (typeof account === 'string') return void it.skip('moto is not installed', () => {});
  const checkout = new Checkout();
  afterAll(() => checkout.remove());
  const run = (command: string, environment: Readonly<Record<string, string>> = {}) =>
    checkout.run(command, { ...account.environment, ...environment });
  const kept = (): unknown => JSON.parse(readFileSync(join(checkout.directory, 'deployment.json'), 'utf8'));
  let exports = '';

  it('is refused without credentials, and the words say that and nothing else', async () => {
    const nobody = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { status, output } = await run(`${TYPED} --yes`, nobody);
    expect(output.split('\n').slice(-3)).toEqual([
      'nothing was changed; fix these first:',
      expect.stringMatching(/^ {2}the account: there are no valid AWS credentials; set AWS_PROFILE,/),
      '',
    ]);
    expect(status).toBe(2);
  });

  it('is refused while the bucket is missing or a value is wrong, and nothing is made', async () => {
    const { status, output } = await run(`${TYPED} Locale=de --yes`);
    expect(output).toMatch(
      /^ {2}Locale is "de"; one of en, zh-CN, both is expected\n {2}source bucket acme-endpoint-logs of account \d{12}: it does not exist; /m,
    );
    expect(status).toBe(2);
    if (account === local) for (const one of shown('nothing was changed')) expect(output).toMatch(one);
    expect(await account.stack('registry-alert')).toBeNull();
  });

  it('makes the stack with the values and tags that are given', async () => {
    await account.createBucket('acme-endpoint-logs');
    const given = { ...GIVEN, 'tag:team': 'soc' };
    const { status, output } = await run(`${TYPED} tag:team=soc --yes`);
    expect(output).toContain('npx registry-alert selftest');
    expect(status).toBe(0);
    if (account === local) for (const one of shown('export ALERT_TOPIC_ARN')) expect(output).toMatch(one);
    expect(await account.stack('registry-alert')).toMatchObject({
      parameters: { ...GIVEN, Locale: 'en' },
      tags: { application: 'registry-alert', team: 'soc' },
    });
    expect(kept()).toEqual(given);
    exports = (output.match(/^export .*$/gm) ?? []).join('\n');
  });

  it('is the same when it is repeated', async () => {
    const before = await account.stack('registry-alert');
    expect((await run('npm run deploy -- --yes')).status).toBe(0);
    expect(await account.stack('registry-alert')).toEqual({ ...before, status: 'UPDATE_COMPLETE' });
  });

  it('changes one value, and takes one away', async () => {
    expect((await run('npm run deploy -- Locale=both SourcePrefix= --yes')).status).toBe(0);
    expect((await account.stack('registry-alert'))?.parameters).toMatchObject({
      ...{ SourceBucketName: 'acme-endpoint-logs', Locale: 'both', SourcePrefix: '' },
    });
  });

  // No function runs in these accounts, so so the way from end to end is not tested here: see cli/selftest.test.ts.
  it('has what selftest, audit and backfill look for', async () => {
    const enabled = await run('node infra/enable-notifications.ts acme-endpoint-logs --yes');
    expect([enabled.status, enabled.output]).toEqual([0, expect.stringMatching(/^written$/m)]);
    const operator = { AWS_ACCESS_KEY_ID: 'operator' };
    const selftest = await run(`${exports}\nnode functions/alert/cli.ts selftest --wait 1`, operator);
    expect(selftest.output).toMatch(/^ok {7}source acme-endpoint-logs: can be reached$/m);
    // moto forgets that EventBridge is on.
    if (account === local)
      expect(selftest.output).toMatch(/^ok {7}notification of acme-endpoint-logs: Event/m);
    expect(selftest.output).toMatch(/^ok {7}archive registry-alert-archivebucket/m);
    expect(selftest.output).toMatch(/^ok {7}backfill queue: 0 waiting/m);
    const audit = await run(`${exports}\nnode functions/alert/cli.ts audit --from 2026-11-01`, operator);
    expect([audit.status, audit.output]).toEqual([0, expect.stringContaining('listed 0')]);
    const dates = '--from 2026-11-01 --to 2026-11-24';
    const backfill = await run(
      `${exports}\nnode functions/alert/cli.ts backfill ${dates} --dry-run`,
      operator,
    );
    expect([backfill.status, backfill.output]).toEqual([0, expect.stringContaining('0 objects')]);
  });

  it('is removed but for the evidence, which is named', async () => {
    const { status, output } = await run('npm run remove -- --yes');
    expect(output).toMatch(/^ {2}ArchiveBucket registry-alert-archivebucket/m);
    expect(output).toMatch(/^removed$/m);
    if (account === local)
      for (const one of shown('this removes the stack registry-alert'))
        if (!one.source.includes('Remove it')) expect(output).toMatch(one);
    expect(status).toBe(0);
    expect((await account.stack('registry-alert'))?.status ?? 'DELETE_COMPLETE').toBe('DELETE_COMPLETE');
    expect((await run('npm run remove -- --yes')).output).toContain('nothing to remove');
  });
});
