import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './afterwards.ts';

const ROOT = 'functions/alert';

/** The pure folders, each importing only those before it. */
const PURE = ['eql', 'ruleset', 'detection', 'notification'] as const;
const indexesOf = (...folders: readonly string[]) => folders.map(folder => `${folder}/index.ts`);

/**
 * What each folder or file may import: its own files, other folders by their `index.ts`, and packages. Everything else
 * is refused. The data flows down this table, and an import may only look up.
 */
const LAYERS: readonly { readonly path: string; readonly may: readonly string[]; readonly why: string }[] = [
  { path: 'eql/', may: [], why: 'evaluating queries is pure' },
  { path: 'ruleset/', may: ['eql/index.ts', 'toml-eslint-parser'], why: 'reading rules is pure' },
  { path: 'detection/', may: [...indexesOf('eql', 'ruleset'), 'tlds'], why: 'detection is pure' },
  {
    path: 'notification/',
    may: [...indexesOf('eql', 'ruleset', 'detection'), 'html-escaper'],
    why: 'rendering is pure',
  },
  { path: 'logs/', may: ['node:zlib'], why: 'pure streams of bytes' },
  { path: 'observability/', may: [], why: 'codes, metrics and log lines' },
  {
    path: 'source/',
    may: [...indexesOf('observability', 'detection'), 'node:zlib'],
    why: 'S3 notification to bytes',
  },
  { path: 'archive/', may: [...indexesOf('observability', 'logs', ...PURE), 'node:'], why: 'what is kept' },
  { path: 'publish/', may: indexesOf('observability', 'archive', ...PURE), why: 'what is sent' },
  {
    path: 'pipeline/',
    may: [...indexesOf('observability', 'source', 'logs', 'archive', 'publish', ...PURE), 'node:'],
    why: 'the journey of one object',
  },
  {
    path: 'aws/',
    may: [...indexesOf('observability', 'source', 'archive', 'publish', 'ruleset'), '@aws-sdk/', 'node:zlib'],
    why: 'adapters to the AWS SDK, each loaded by itself',
  },
  {
    path: 'audit/',
    may: [...indexesOf('archive', 'notification', 'pipeline'), 'aws/'],
    why: 'the buckets against the ledger',
  },
  {
    path: 'lambda/settings.ts',
    may: indexesOf('logs', 'ruleset'),
    why: 'the environment, read once',
  },
  {
    path: 'lambda/',
    may: [
      ...indexesOf('observability', 'source', 'logs', 'archive', 'publish', 'pipeline', ...PURE),
      'aws/',
      'aws-lambda',
    ],
    why: 'the working parts of one environment',
  },
  {
    path: 'cli/clients.ts',
    may: ['aws/loopback.ts', '@aws-sdk/'],
    why: 'the SDK, for the commands that need it',
  },
  {
    path: 'cli/',
    may: [
      ...indexesOf('observability', 'logs', 'archive', 'publish', 'pipeline', 'audit', ...PURE),
      'aws/',
      'lambda/settings.ts',
      'node:',
      'node-diff3',
    ],
    why: 'the commands',
  },
  {
    path: 'handler.ts',
    may: ['lambda/', 'aws/sqs-client.ts', '@aws-sdk/', 'aws-lambda'],
    why: 'entry point of the Lambda',
  },
  {
    path: 'audit-handler.ts',
    may: [...indexesOf('audit', 'observability'), 'aws/', '@aws-sdk/'],
    why: 'entry point of the daily audit',
  },
  { path: 'cli.ts', may: ['cli/', 'node:'], why: 'entry point of the command line' },
];

/** Most files in one folder, beside its subfolders. */
const MOST_FILES = 16;

type Source = { readonly path: string; readonly text: string };

function sources(): Source[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Every specifier of an import, type import, re-export or dynamic import. */
function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map(match => match[1] ?? match[2]!);
}

const targetOf = (path: string, specifier: string): string =>
  specifier.startsWith('.')
    ? posix.normalize(posix.join(posix.dirname(path), specifier))
    : builtinModules.includes(specifier)
      ? `node:${specifier}`
      : specifier;

/** Imports that a layer may not have, as sentences. */
function violations({ path, text }: Source): string[] {
  const layer = LAYERS.find(layer => path === layer.path || path.startsWith(layer.path));
  if (!layer) return [`${path} is in no folder of the table`];
  const own = layer.path.includes('/') ? `${path.split('/')[0]}/` : null;
  return importsOf(text).flatMap(specifier => {
    const target = targetOf(path, specifier);
    const isAllowed =
      (own !== null && target.startsWith(own) && target !== `${own}index.ts`) ||
      layer.may.some(allowed => target === allowed || (/[/:]$/.test(allowed) && target.startsWith(allowed)));
    return isAllowed ? [] : [`${path} imports ${specifier}: not for ${layer.path}, ${layer.why}`];
  });
}

/** Import circles, those of types too, each as the sorted names of its files. */
function circles(files: readonly Source[]): string[][] {
  const graph = new Map(
    files.map(({ path, text }) => [path, importsOf(text).map(name => targetOf(path, name))]),
  );
  const reached = (from: string): Set<string> => {
    const seen = new Set<string>();
    const open = [...(graph.get(from) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return seen;
  };
  const reach = new Map([...graph.keys()].map(path => [path, reached(path)]));
  const found = [...graph.keys()]
    .filter(path => reach.get(path)!.has(path))
    .map(path => [...graph.keys()].filter(to => reach.get(path)!.has(to) && reach.get(to)?.has(path)).sort());
  return [...new Map(found.map(circle => [circle.join(' '), circle])).values()];
}

describe('imports', () => {
  it('all look up the table of layers', () => {
    expect(sources().flatMap(violations)).toEqual([]);
  });

  const planted: readonly (readonly [string, string])[] = [
    ['logs/framing/framer.ts', "import { readRule } from '../../ruleset/index.ts';"],
    ['logs/framing/framer.ts', "import { readFileSync } from 'node:fs';"],
    ['logs/framing/framer.ts', "import type { Message } from '../../notification/index.ts';"],
    ['ruleset/rule/rule.ts', "import type { LogEvent } from '../../logs/index.ts';"],
    ['ruleset/rule/rule.ts', "import type { Alert } from '../../detection/index.ts';"],
    ['ruleset/rule/rule.ts', "import type { Query } from '../../eql/query.ts';"],
    ['detection/facts.ts', "import { createHash } from 'node:crypto';"],
    ['detection/facts.ts', "import { createHash } from 'crypto';"],
    ['detection/facts.ts', "import type { Facts } from './index.ts';"],
    ['eql/syntax/lex.ts', "import { encode } from '../../notification/index.ts';"],
    ['eql/syntax/lex.ts', "import { RuleError } from '../../ruleset/index.ts';"],
    ['notification/format/email.ts', "import { readRule } from '../../ruleset/rule/rule.ts';"],
    ['notification/format/email.ts', "import { deliver } from '../../publish/index.ts';"],
    ['notification/format/email.ts', "export { S3Client } from '@aws-sdk/client-s3';"],
    ['archive/keys.ts', "import { deliver } from '../publish/index.ts';"],
    ['publish/deliver.ts', "import { scan } from '../pipeline/index.ts';"],
    ['publish/deliver.ts', "import { encode } from '../notification/text/untrusted.ts';"],
    ['publish/topic.ts', "import { PublishCommand } from '@aws-sdk/client-sns';"],
    ['pipeline/scan-log.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['pipeline/scan-log.ts', "import { run } from '../cli/scan.ts';"],
    ['lambda/settings.ts', "const sdk = await import('@aws-sdk/client-s3');"],
    ['cli/scan.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['handler.ts', "import { run } from './cli/scan.ts';"],
    ['cli.ts', "import { scan } from './pipeline/index.ts';"],
    ['helpers/text.ts', ''],
  ];
  it.each(planted)('refuse in %s: %s', (path, text) => {
    expect(violations({ path, text })).toHaveLength(1);
  });

  it('go in no circle, of types neither', () => {
    expect(circles(sources())).toEqual([]);
  });

  it('in a circle of types alone are found', () => {
    const planted = [
      { path: 'a/one.ts', text: "import type { Two } from '../b/two.ts';" },
      { path: 'b/two.ts', text: "export type { One } from './three.ts';" },
      { path: 'b/three.ts', text: "import { type One } from '../a/one.ts';" },
      { path: 'a/four.ts', text: "import { one } from './one.ts';" },
    ];
    expect(circles(planted)).toEqual([['a/one.ts', 'b/three.ts', 'b/two.ts']]);
  });
});

describe('files', () => {
  it('have names that say what they give', () => {
    expect(
      sources().filter(({ path }) => /(^|\/)(utils?|helpers?|common|types|misc)(\.ts|\/)/.test(path)),
    ).toEqual([]);
  });

  it('export functions and constants that another file uses', () => {
    const files = ['functions', 'infra', 'test', 'docs'].flatMap(folder =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && /\.(?:[cm]?[jt]s|yml)$/.test(entry.name))
        .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    );
    const users = new Map<string, number>();
    for (const text of files)
      for (const name of new Set(text.match(/[A-Za-z_$][\w$]*/g)))
        users.set(name, (users.get(name) ?? 0) + 1);
    const unused = sources().flatMap(({ path, text }) =>
      Array.from(
        text.matchAll(/^export (?:async )?(?:const|function\*?|class) ([\w$]+)/gm),
        ([, name]) => name!,
      )
        .filter(name => users.get(name) === 1)
        .map(name => `${path}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  it('have names of their own', () => {
    const names = sources().map(({ path }) => basename(path));
    const twice = names.filter((name, at) => name !== 'index.ts' && names.indexOf(name) !== at);
    expect(twice).toEqual([]);
  });

  it(`are at most ${MOST_FILES} in a folder, beside its index`, () => {
    const counts = new Map<string, number>();
    for (const { path } of sources())
      if (basename(path) !== 'index.ts') counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
  });
});

describe('the runtime dependencies', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const packages = Object.keys(dependencies);

  it.each(packages)('%s is imported', name => {
    expect(sources().flatMap(({ text }) => importsOf(text))).toContain(name);
  });

  it('are each justified in ARCHITECTURE.md, and nothing else is', () => {
    const [, table = ''] = readFileSync('ARCHITECTURE.md', 'utf8').split('## Runtime dependencies');
    const named = [...table.matchAll(/^\| (`.+`) \|/gm)]
      .flatMap(([, names = '']) => names.split(', '))
      .map(name => name.replaceAll('`', '').replace(/^-/, '@aws-sdk/client-'));
    expect(named.toSorted()).toEqual(packages.toSorted());
  });
});

describe('the compiler', () => {
  const plants: readonly (readonly [string, RegExp])[] = [
    ["import { readFileSync } from 'node:fs';\nexport const read = readFileSync;", /TS2591|TS2307/],
    ['export const environment = process.env;', /TS2591|TS2304/],
    ['export const digest = (text: string) => new TextEncoder().encode(text);', /^$/],
  ];
  it.each(plants)('answers %j in a pure folder with %s', (text, answer) => {
    // Not beside the sources: a bundle older than they are is refused.
    const folder = temporaryFolder();
    const include = ['plant.mts', resolve(ROOT, 'web.d.ts')];
    writeFileSync(join(folder, 'plant.mts'), text);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: resolve(ROOT, 'tsconfig.pure.json'), include }),
    );
    const { stdout } = spawnSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' });
    expect(stdout.trim()).toMatch(answer);
  });

  it('is asked about every pure folder', () => {
    const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.pure.json'), 'utf8')) as {
      readonly include: readonly string[];
    };
    expect(include).toEqual(['web.d.ts', ...PURE]);
  });
});
