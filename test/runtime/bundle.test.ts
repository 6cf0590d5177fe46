import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyRules } from '../../infra/bundle/copy-rules.ts';
import { bundleFunction } from '../../infra/bundle.ts';
import { afterwards, localAws, temporaryFolder } from '../afterwards.ts';
import { built } from '../built.ts';
import { startFunction } from './function.ts';

const directory = temporaryFolder();
const aws = await localAws();
aws.s3.createBucket('logs');
const topic = aws.sns.createTopic('alerts');
await bundleFunction('test/runtime/fixtures/relay.ts', join(directory, 'relay.mjs'));
const running = await startFunction({
  bundle: join(directory, 'relay.mjs'),
  env: { ...aws.env(), TOPIC_ARN: topic.arn },
  isFixture: true,
});
afterwards(() => running.stop());

describe('a bundle', () => {
  it('talks to S3 and SNS by the SDK, with the credentials of its environment', async () => {
    await aws.s3.put('logs', 'a b/ü.txt', 'hello');
    expect(await running.call({ bucket: 'logs', key: 'a b/ü.txt' })).toEqual({ read: ['hello'] });
    expect(aws.calls.all.map(({ operation, caller }) => `${caller} ${operation}`)).toEqual([
      'function GetObject',
      'function Publish',
    ]);
  });

  it('is refused where a package calls require', async () => {
    const source = join(directory, 'needs-require.ts');
    mkdirSync(join(directory, 'node_modules/old'), { recursive: true });
    writeFileSync(join(directory, 'node_modules/old/index.js'), "module.exports = require('stream');");
    writeFileSync(source, "import old from 'old';\nexport const handler = () => old;\n");
    await expect(bundleFunction(source, join(directory, 'needs-require.mjs'))).rejects.toThrow(
      'contains a package that calls require',
    );
  });

  it('defers a module of any text, in a folder of any name', () => {
    const folder = join(directory, '100%20 #?');
    const text = '\n//# late.ts "\u2028\ud800😀\\${`\r\n*/';
    mkdirSync(folder);
    // esbuild leaves regular expressions as they are, which are not always ASCII.
    const source = `export const late = () => /^\u6807$/.test('\\u6807') && ${JSON.stringify(text)};\n`;
    writeFileSync(join(folder, 'late.ts'), source);
    writeFileSync(
      join(folder, 'entry.ts'),
      "import { late } from './late.ts';\nconsole.log(JSON.stringify(late()));",
    );
    // Not the import of the test runner, which takes other paths.
    const script = `import { build } from 'esbuild';
      import { deferred } from './infra/bundle/deferred.ts';
      const options = { absWorkingDir: process.argv[1], bundle: true, format: 'esm', outfile: 'out.mjs' };
      const plugins = [deferred([process.argv[1] + '/late.ts'], [], options)];
      await build({ ...options, entryPoints: ['entry.ts'], plugins });`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script, folder]);
    const out = execFileSync(process.execPath, [join(folder, 'out.mjs')], { encoding: 'utf8' });
    expect(JSON.parse(out)).toBe(text);
  });

  it.each(['handler', 'watch'] as const)(
    'of %s takes modules of Node by name, since an import reads all their properties',
    name => {
      expect(readFileSync(built(name), 'utf8')).not.toMatch(/\b(?:import\(|from ?)"node:/);
    },
  );

  it.each([
    ['operations of S3 that it does not use', 'DeleteBucketAnalyticsConfiguration'],
    ['reader of ~/.aws', 'node:fs/promises'],
    ['checksums of web streams', 'because API unavailable'],
    ['event streams', 'EventStreamCodec'],
  ])('of the function has no %s', (_, text) => {
    expect(readFileSync(built('handler'), 'utf8').includes(text)).toBe(false);
  });

  it('of the command line is taken with its bytecode', () => {
    const takes = `import('./${built('cli')}').then(({ compiledCli }) => console.log(
      compiledCli(process.cwd() + '/dist', fs.readFileSync('dist/cli.cache')).script.cachedDataRejected))`;
    expect(execFileSync(process.execPath, ['-e', takes], { encoding: 'utf8' })).toBe('false\n');
  });

  it('has the rules beside it without their evidence', () => {
    copyRules('rules', join(directory, 'rules'));
    const folder = 'persistence-via-wmi-stdregprov';
    const names = readdirSync(join(directory, 'rules', folder));
    expect(names).toContain('rule.toml');
    expect(names).not.toContain('match.ndjson');
    expect(names).not.toContain('quiet.ndjson');
    expect(readFileSync(join(directory, 'rules', folder, 'rule.toml'), 'utf8')).toBe(
      readFileSync(join('rules', folder, 'rule.toml'), 'utf8'),
    );
  });
});
