import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from './archive-file.ts';
import type { Template } from './deployment/template.ts';
import { writeRelease } from './release.ts';

const ROOT = join(import.meta.dirname, '..');

/** The complete contents of the function's archive. */
export const CONTENTS = ['handler.mjs', 'watch.mjs', 'rules'] as const;

/** Where serverless.yml looks for it. */
const ARCHIVE = 'out/registry-alert.zip';

/** Template, zip and checksums for those who deploy without this checkout. */
const RELEASE = 'out/release';

/**
 * Builds the bundle, zips it, has osls write the template, and writes the release: without values, credentials or
 * network.
 * @throws if the rules are invalid, or osls refuses the configuration
 */
export function writePackage(): void {
  const bundled = spawnSync(process.execPath, ['infra/bundle.ts'], { cwd: ROOT, stdio: 'inherit' });
  if (bundled.status !== 0) throw new Error('the bundle could not be built; see the messages above');
  console.log(writeArchive());
  osls(['package']);
  copyFileSync(join(ROOT, ARCHIVE), join(ROOT, '.serverless', 'registry-alert.zip'));
  console.log('.serverless/cloudformation-template-update-stack.json');
  const template = readFileSync(join(ROOT, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  const zip = readFileSync(join(ROOT, ARCHIVE));
  for (const name of writeRelease(JSON.parse(template) as Template, zip, join(ROOT, RELEASE)))
    console.log(`${RELEASE}/${name}`);
}

/** Zips the built bundle. Returns its name, size and hash. */
export function writeArchive(): string {
  const zip = zipOf(join(ROOT, 'dist'), ...CONTENTS);
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  // Another process may be reading it.
  const unfinished = join(ROOT, `${ARCHIVE}.${process.pid}`);
  writeFileSync(unfinished, zip);
  renameSync(unfinished, join(ROOT, ARCHIVE));
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return `${ARCHIVE}  ${(zip.length / 1000).toFixed(1)} kB  sha256 ${sha256}`;
}

/** Runs osls, by default in the checkout, without its notes about newer versions. @throws if it fails */
export function osls(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  stdio: 'inherit' | 'pipe' = 'inherit',
  cwd = ROOT,
): void {
  const { status, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/osls'), args, {
    cwd,
    stdio: ['inherit', stdio, stdio],
    encoding: 'utf8',
    env: { ...process.env, SLS_NOTIFICATIONS_MODE: 'off', ...environment },
  });
  if (status !== 0) throw new Error(`osls ${args[0]} ended with ${status}${stderr ? `: ${stderr}` : ''}`);
}

if (import.meta.main) {
  try {
    writePackage();
  } catch (error) {
    // What failed has printed why.
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
