import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type OnResolveArgs, type OnResolveResult, type Plugin } from 'esbuild';
import type { Io } from '../functions/alert/cli/io.ts';
import { readField } from '../functions/alert/logs/index.ts';
import {
  FROZEN_DISABLED,
  FROZEN_INDICATORS,
  FROZEN_RULE,
  ruleFiles,
  ruleFolders,
} from '../functions/alert/pipeline/load-rules.ts';
import { lockedVersions } from '../functions/alert/pipeline/locked-versions.ts';
import { sha256 } from '../functions/alert/pipeline/scan-log.ts';
import {
  freezeIndicators,
  freezeRule,
  INDICATORS_FILE,
  readIndicators,
  readRule,
} from '../functions/alert/ruleset/index.ts';
import { compiledCli } from './compiled-cli.ts';
import { deferred } from './deferred.ts';

const ROOT = join(import.meta.dirname, '..');

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
  const evidence = ruleFolders(join(ROOT, 'rules')).map(folder =>
    join(ROOT, 'rules', folder, 'match.ndjson'),
  );
  const status = await main(['scan', '--format', 'json', ...evidence], silent);
  if (status !== 0) throw new Error(`the built command line ended with ${status} on ${evidence.join(', ')}`);
  writeFileSync(join(ROOT, 'dist/cli.cache'), script.createCachedData());
}

/** Evidence is for `check`, not for the function. */
const EVIDENCE = new Set(['match.ndjson', 'quiet.ndjson']);

/**
 * Node's modules are loaded with `process.getBuiltinModule`, each name separately: importing one as an ES module reads
 * all its properties, and those of `node:fs` alone load all of its streams and promises (10 ms of a start), those of
 * `node:http`, which the SDK imports for the first request, all of fetch (20 ms).
 */
const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) && path !== 'node:module'
        ? { path: `node:${path.replace('node:', '')}`, namespace: 'builtin', sideEffects: false }
        : undefined,
    );
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && isBuiltin(path)
        ? { path: `node:${path.replace('node:', '')}`, namespace: 'builtin-later' }
        : undefined,
    );
    // What is CommonJS for esbuild is copied by getters, none of which is called.
    onLoad({ filter: /.*/, namespace: 'builtin-later' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path) as object).filter(name => name !== 'default');
      const lines = names.map(name => `export const ${name} = /* @__PURE__ */ ${got(name)};`);
      const module = `const $module = process.getBuiltinModule('${path}');\nconst $get = name => $module[name];`;
      return { contents: [module, 'export default $module;', ...lines].join('\n') };
    });
  },
};

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/(?:createChecksumStream\.browser|readFile)$/ }, () => ({
      path: join(import.meta.dirname, 'unused-by-the-function.ts'),
    })),
};

/**
 * The SDK's descriptions of operations are arrays with computed keys, all of which esbuild keeps, since a key may call a
 * function: 60 kB for S3, of which a start reads all. As calls without effects those that nobody uses go.
 */
const operationsInUse: Plugin = {
  name: 'operations-in-use',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@aws-sdk\/client-\w+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        /^(export var \w+\$? = )(\[(?:.*\]|[\s\S]*?^\]));$/gm,
        '$1/* @__PURE__ */ (() => $2)();',
      ),
    })),
};

/** The class ReadStream loads all of Node's streams of files; the SDK asks only whether a body is one. */
function got(name: string): string {
  return name === 'ReadStream'
    ? `({ [Symbol.hasInstance]: value => value instanceof $get('ReadStream') })`
    : `$get('${name}')`;
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
    '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'function-credentials.ts'),
    'toml-eslint-parser': join(import.meta.dirname, 'rules-already-read.ts'),
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
      '@smithy/core/event-streams': join(import.meta.dirname, 'no-event-streams.ts'),
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
    entryPoints: ['infra/compiled-cli.ts'],
    outfile: 'dist/cli.mjs',
    plugins: [builtinsByName],
  });
  const entryPoints = AWS_COMMANDS.map(name => `functions/alert/cli/${name}.ts`);
  await build({
    ...SHARED,
    plugins: [builtinsByName],
    entryPoints,
    outbase: 'functions/alert/cli',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
  });
  chmodSync(resolve(ROOT, 'dist/cli.mjs'), 0o755);
  for (const name of ['cli', ...AWS_COMMANDS]) refuseRequire(resolve(ROOT, `dist/${name}.mjs`));
}

const AWS_COMMANDS = ['selftest', 'backfill', 'audit', 'deployment/publish-rules'];
const AWS_COMMAND = /^\.\/(selftest|backfill|audit|deployment\/publish-rules)\.ts$/;

function besideTheCli({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  return kind === 'dynamic-import' ? { path: path.replace(/ts$/, 'mjs'), external: true } : undefined;
}

function refuseRequire(path: string): void {
  if (!readFileSync(path, 'utf8').includes('Dynamic require of')) return;
  throw new Error(
    `${path} contains a package that calls require; use its ES module build, or import a part of it that does not`,
  );
}

/**
 * Copies the rules beside the bundle, each file with the same mode on any machine, and the parsed rule. @throws
 * RuleError
 */
export function copyRules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const text = readFileSync(join(from, INDICATORS_FILE), 'utf8');
  const indicators = readIndicators({ file: INDICATORS_FILE, text }, { readField, sha256 });
  writeFrozen(join(to, FROZEN_INDICATORS), freezeIndicators(text, indicators));
  const versions = lockedVersions(from);
  const disabled: Record<string, string> = {};
  for (const folder of ruleFolders(from)) {
    mkdirSync(join(to, folder), { recursive: true });
    const files = ruleFiles(from, folder);
    const rule = readRule(folder, files, { readField, sha256, lockedVersions: versions });
    writeFrozen(join(to, folder, FROZEN_RULE), freezeRule(files, versions, rule));
    if (rule.disabled) disabled[folder] = files.get('rule.toml')!;
  }
  writeFrozen(join(to, FROZEN_DISABLED), JSON.stringify(disabled));
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || EVIDENCE.has(entry.name)) continue;
    const folder = join(to, relative(from, entry.parentPath));
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(entry.parentPath, entry.name), join(folder, entry.name));
    chmodSync(join(folder, entry.name), 0o644);
  }
}

function writeFrozen(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o644 });
  chmodSync(path, 0o644);
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
  for (const name of ['handler.mjs', 'cli.mjs', ...AWS_COMMANDS.map(command => `${command}.mjs`)]) {
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
