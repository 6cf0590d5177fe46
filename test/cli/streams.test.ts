import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../afterwards.ts';
import { built } from '../built.ts';
import { MATCH } from '../ruleset/rule-folder.ts';

const folder = temporaryFolder();
const log = join(folder, 'one.ndjson');
writeFileSync(log, `${MATCH[0]}\n`);

/** A shell's line with `$cli` as the command line in a process of its own, as both of its entry points. */
function shell(line: string, cli: string) {
  const script = `cli="'${process.execPath}' ${cli}"; log='${log}'; run() { eval "$cli" '"$@"'; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return { status, alerts: stdout.split('\n').length - 1, stderr };
}

it.each([
  [
    'a full disk',
    'run scan "$log" > /dev/full',
    2,
    0,
    /^registry-alert: standard output cannot .*\(ENOSPC\)[^\n]*\n$/,
  ],
  [
    'a full disk, for the report',
    'run scan --report /dev/full "$log"',
    2,
    1,
    /--report \/dev\/full cannot .*ENOSPC/,
  ],
  [
    'a directory as standard input',
    'run scan - < .',
    1,
    0,
    /^- cannot be read \(EISDIR\); it is a directory[^\n]*\n$/,
  ],
])('%s', { timeout: 60_000 }, (_, line, status, alerts, stderr) => {
  for (const cli of [built('cli'), 'functions/alert/cli.ts'])
    expect(shell(line, cli)).toEqual({ status, alerts, stderr: expect.stringMatching(stderr) });
});

it.each([
  ['scan absent LOG absent LOG', 1, 2],
  ['match wrong LOG', 2, 0],
])('goes on though nobody reads its errors: %s', async (args, status, alerts) => {
  const child = spawn(process.execPath, [built('cli'), ...args.replaceAll('LOG', log).split(' ')]);
  child.stderr.destroy();
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect([code, out.split('\n').length - 1]).toEqual([status, alerts]);
});

/** A Node before ours, which does not know whether a module is the program. */
const older = execFileSync('bash', ['-c', 'which -a node || true'], { encoding: 'utf8' })
  .split('\n')
  .find(path => path !== '' && /^v2[023]\./.test(execFileSync(path, ['--version'], { encoding: 'utf8' })));

it.skipIf(older === undefined)(
  'the built command line refuses an older Node (skipped where there is none)',
  () => {
    const { status, stderr } = spawnSync(older!, [built('cli'), 'eval', '1'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^registry-alert needs Node 24/)]);
  },
);
