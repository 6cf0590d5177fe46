import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type OnResolveArgs, type OnResolveResult } from 'esbuild';
import type { Io } from '../functions/alert/cli/io.ts';
import { ruleFolders } from '../functions/alert/pipeline/load-rules.ts';
import { compiledCli } from './bundle/compiled-cli.ts';
import { copyRules } from './bundle/copy-rules.ts';
import { deferred } from './bundle/deferred.ts';
import { builtinsByName, operationsInUse, withoutUnused } from './bundle/plugins.ts';

const ROOT = join(import.meta.dirname, '..');
const BESIDE = join(import.meta.dirname, 'bundle');

/** The events on which the rules of a directory alert; rules from elsewhere have none. */
export function evidenceIn(rules: string): string[] {
  return ruleFolders(rules)
    .map(folder => join(rules, folder, 'match.ndjson'))
    .filter(path => existsSync(path));
}

/** Writes the bytecode of the built command line as it is after scanning the evidence of a rule. */
async function cacheCli(): Promise<void> {
  const { script, main } = compiledCli(join(ROOT, 'dist'), undefined);
  const silent: Io = {
    out: async () => {},
    err: () => {},
    stdin: () => process.stdin,
    outIsTerminal: false,
    errIsTerminal: false,
    confirm: async () => false,
    environment: {},
    now: Date.now,
  };
  const evidence = evidenceIn(join(ROOT, 'rules'));
  const status = await main(['scan', '--format', 'json', ...evidence], silent);
  if (status !== 0) throw new Error(`the built command line ended with ${status} on ${evidence.join(', ')}`);
  writeFileSync(join(ROOT, 'dist/cli.cache'), script.createCachedData());
}

const SHARED: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // By default esbuild uses the CommonJS builds of the SDK: half as large again, and they call `require`.
  mainFields: ['module', 'main'],
  minify: true,
  logLevel: 'warning',
};

/** The options of the function's own bundle. */
export const lambdaOptions = {
  ...SHARED,
  alias: {
    '@aws-sdk/credential-provider-node': join(BESIDE, 'function-credentials.ts'),
    'toml-eslint-parser': join(BESIDE, 'rules-already-read.ts'),
  },
} satisfies BuildOptions;

const HANDLER = 'functions/alert/handler.ts';

const moduleAt = (path: string): string => join(ROOT, 'functions/alert', path);

/** What only a match, an alert, a failed message and changed or published rules need. */
const DEFERRED = [
  'eql/compile/compile.ts',
  'ruleset/rule/rule.ts',
  'ruleset/indicators.ts',
  'detection/payload/index.ts',
  'notification/index.ts',
  'aws/sqs-client.ts',
].map(moduleAt);

/** Errors of those that others catch. */
const SHARED_ERRORS = ['eql/syntax/error.ts', 'eql/compile/combinations.ts', 'ruleset/problem.ts'].map(
  moduleAt,
);

/**
 * Bundles one module like the function: one ESM file that needs nothing else on disk.
 * @throws if a call of `require` is left in it, which the runtime would refuse when it is reached.
 */
export async function bundleFunction(entry: string, outfile: string): Promise<void> {
  const options = {
    ...lambdaOptions,
    alias: {
      ...lambdaOptions.alias,
      '@smithy/core/event-streams': join(BESIDE, 'no-event-streams.ts'),
    },
    plugins: [builtinsByName, withoutUnused, operationsInUse],
  };
  const plugins = [...options.plugins, deferred(entry === HANDLER ? DEFERRED : [], SHARED_ERRORS, options)];
  await build({ ...options, plugins, entryPoints: [entry], outfile });
  refuseRequire(resolve(ROOT, outfile));
}

/**
 * Bundles the command line into one file, except the commands that need AWS: the SDK's imports of node:http alone cost
 * a command 100 ms, so each of those is a separate file beside it.
 */
async function bundleCli(): Promise<void> {
  await build({
    ...SHARED,
    entryPoints: ['functions/alert/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    format: 'cjs',
    // The function that compiled-cli.ts calls. A script has no import(), except by an experimental option.
    banner: { js: '(function(module,require,CLI_URL){' },
    supported: { 'dynamic-import': false },
    footer: { js: '})' },
    define: { 'import.meta.url': 'CLI_URL' },
    plugins: [
      builtinsByName,
      { name: 'aws-commands', setup: ({ onResolve }) => onResolve({ filter: AWS_COMMAND }, besideTheCli) },
    ],
  });
  await build({
    ...SHARED,
    entryPoints: ['infra/bundle/compiled-cli.ts'],
    outfile: 'dist/cli.mjs',
    plugins: [builtinsByName],
  });
  // All beside the CLI: a folder deeper, `rules publish` would find the bundle's rules for those of the checkout.
  const entryPoints = AWS_COMMANDS.map(name => ({
    in: `functions/alert/cli/${name}.ts`,
    out: basename(name),
  }));
  await build({
    ...SHARED,
    plugins: [builtinsByName],
    entryPoints,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
  });
  chmodSync(resolve(ROOT, 'dist/cli.mjs'), 0o755);
  for (const name of ['cli', ...AWS_COMMANDS.map(name => basename(name))])
    refuseRequire(resolve(ROOT, `dist/${name}.mjs`));
}

const AWS_COMMANDS = ['selftest', 'backfill', 'audit', 'deployment/publish-rules'];
const AWS_COMMAND = /^\.\/(selftest|backfill|audit|deployment\/publish-rules)\.ts$/;

function besideTheCli({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  return kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.mjs`, external: true } : undefined;
}

function refuseRequire(path: string): void {
  if (!readFileSync(path, 'utf8').includes('Dynamic require of')) return;
  throw new Error(
    `${path} contains a package that calls require; use its ES module build, or import a part of it that does not`,
  );
}

async function main(): Promise<void> {
  const dist = join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  // All are waited for: esbuild ends with a dump of its own where this process goes while it works.
  const builds = await Promise.allSettled([
    bundleFunction(HANDLER, 'dist/handler.mjs'),
    bundleFunction('functions/alert/audit-handler.ts', 'dist/watch.mjs'),
    bundleCli(),
  ]);
  for (const build of builds) if (build.status === 'rejected') throw build.reason;
  copyRules(join(ROOT, 'rules'), join(dist, 'rules'));
  await cacheCli();
  for (const name of ['handler.mjs', 'cli.mjs', ...AWS_COMMANDS.map(command => `${basename(command)}.mjs`)]) {
    const path = join(dist, name);
    const compressed = gzipSync(readFileSync(path)).length;
    console.log(`dist/${name}  ${kilobytes(statSync(path).size)}, ${kilobytes(compressed)} as gzip`);
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    // An error in a rule is its editor's mistake and shows no stack.
    if (!(error instanceof Error && error.name === 'RuleError')) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
