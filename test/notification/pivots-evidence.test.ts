import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localAws, temporaryFolder } from '../afterwards.ts';
import { ask, type Differences } from './pivot-fixture.ts';

const commandOf = (evidence: Differences['evidence'] = {}) => ask({ evidence }, 'evidence')[0]!;

const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

describe.skipIf(!hasAwsCli)('the command for the evidence, run by the AWS CLI', async () => {
  const folder = temporaryFolder();
  const aws = await localAws();
  aws.s3.createBucket('acme.logs', { versioning: true });

  /** In bash; not waiting in this thread, since the local AWS answers from it. */
  async function run(command: string): Promise<{ readonly status: number | null; readonly stderr: string }> {
    const { promise, resolve } = Promise.withResolvers<number | null>();
    const child = spawn('bash', ['--norc', '-c', command], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, AWS_DEFAULT_REGION: aws.region, ...aws.env('analyst') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('close', resolve);
    return { status: await promise, stderr };
  }

  it.each([
    'plain/2026/11/24/log.ndjson.gz',
    'it\'s $(touch pwned) `x` "quoted" \\',
    '--endpoint-url=http://127.0.0.1:1',
    'a b+c&d=e%2F\u00e9\u{1f4a9}',
  ])('fetches exactly the version of %j that held the record', async key => {
    const { versionId } = await aws.s3.put('acme.logs', key, 'the record');
    await aws.s3.put('acme.logs', key, 'what somebody wrote over it');
    const { text } = commandOf({ bucket: 'acme.logs', key, versionId: versionId! });
    expect(await run(text!)).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'registry-alert-6f1d0c000000.object'), 'utf8')).toBe('the record');
  });
});

describe('the command for the evidence', () => {
  it.each([
    ['2026/a b|c^d (1).gz', '--key="2026/a b|c^d (1).gz"', /bash, PowerShell or cmd\.exe/],
    ['2026/%TEMP%.gz', "--key='2026/%TEMP%.gz'", /bash or PowerShell, not in cmd\.exe/],
    ['2026/$HOME.gz', "--key='2026/$HOME.gz'", /bash or PowerShell, not in cmd\.exe/],
    ["it's", "--key=$'it\\'s'", /bash or zsh/],
  ])('is quoted for the shells that it names: %s', (key, quoted, shells) => {
    const { text, question } = commandOf({ key });
    expect(text).toContain(quoted);
    expect(question).toMatch(shells);
    // What cmd.exe would act on is within quotes, and there is no %.
    if (question.includes('or cmd.exe')) expect(text!.replace(/"[^"%]*"/g, '')).toMatch(/^[\w .=-]+$/);
  });
  it('is fetched by version', () => {
    expect(commandOf().text).toBe(
      'aws s3api get-object --bucket="acme-endpoint-logs" --key="2026/11/24/registry-0248.ndjson.gz" --version-id="3HL4kqtJlcpXroDTDmJ" registry-alert-6f1d0c000000.object',
    );
  });
  it('is fetched only if unchanged where there are no versions', () => {
    expect(commandOf({ versionId: 'null' }).text).toContain('--if-match="9b2cf535f27731c974343645a3985328"');
  });
  it('says that a key with quotes needs bash', () => {
    expect(commandOf({ key: "it's é" })).toMatchObject({
      text: expect.stringContaining("--key=$'it\\'s \\xc3\\xa9'"),
      question: expect.stringContaining('bash or zsh'),
    });
  });
});
