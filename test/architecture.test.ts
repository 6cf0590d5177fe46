import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const HOUSE = 'functions/alert';

/**
 * What each room may import: rooms and files of this house (`detection/` a whole room, `detection/index.ts` its door),
 * and packages. Everything else is refused. The data flows down this table; an import may only look up.
 */
const ROOMS: readonly { readonly room: string; readonly may: readonly string[]; readonly why: string }[] = [
  { room: 'logs/', may: ['logs/', 'node:zlib'], why: 'pure streams of bytes' },
  { room: 'detection/', may: ['detection/', 'toml-eslint-parser'], why: 'judging events is pure' },
  {
    room: 'notification/',
    may: ['notification/', 'detection/index.ts', 'html-escaper'],
    why: 'wording an alert is pure',
  },
  {
    room: 'delivery/',
    may: [
      'delivery/',
      'logs/',
      'detection/index.ts',
      'notification/index.ts',
      '@aws-sdk/',
      '@smithy/',
      'aws-lambda',
      'node:',
    ],
    why: 'the AWS edge',
  },
  { room: 'desk/clients.ts', may: ['@aws-sdk/', 'node:'], why: 'the SDK, for the commands that need it' },
  {
    room: 'desk/',
    may: [
      'desk/',
      'logs/',
      'detection/index.ts',
      'notification/index.ts',
      'delivery/',
      'settings.ts',
      'scan.ts',
      'gather.ts',
      'load-rules.ts',
      'node:',
    ],
    why: 'the commands',
  },
  // The hall between the rooms, from the one that nothing here is above, to the doors.
  { room: 'settings.ts', may: ['logs/'], why: 'the environment, read once' },
  { room: 'scan.ts', may: ['logs/', 'detection/index.ts', 'node:crypto'], why: 'the journey, without AWS' },
  {
    room: 'load-rules.ts',
    may: ['logs/', 'detection/index.ts', 'scan.ts', 'node:'],
    why: 'rules, read from disk',
  },
  { room: 'candidates.ts', may: ['logs/', 'detection/index.ts'], why: 'what an exporter sends, counted' },
  {
    room: 'gather.ts',
    may: ['detection/index.ts', 'notification/index.ts', 'delivery/', 'scan.ts'],
    why: 'what of an object is told',
  },
  {
    room: 'scan-metrics.ts',
    may: ['notification/index.ts', 'delivery/', 'candidates.ts', 'scan.ts'],
    why: 'what of a scan is counted',
  },
  {
    room: 'process-object.ts',
    may: [
      'logs/',
      'detection/index.ts',
      'notification/index.ts',
      'delivery/',
      'candidates.ts',
      'gather.ts',
      'scan.ts',
      'scan-metrics.ts',
    ],
    why: 'one object, all the way',
  },
  {
    room: 'handle-event.ts',
    may: ['delivery/', 'process-object.ts', 'aws-lambda'],
    why: 'one invocation',
  },
  {
    room: 'environment.ts',
    may: [
      'logs/',
      'detection/index.ts',
      'notification/index.ts',
      'delivery/',
      'settings.ts',
      'scan.ts',
      'load-rules.ts',
      'process-object.ts',
      'handle-event.ts',
    ],
    why: 'the working parts of one environment',
  },
  {
    room: 'handler.ts',
    may: ['environment.ts', 'handle-event.ts', '@aws-sdk/', 'aws-lambda'],
    why: 'door 1',
  },
  { room: 'watch.ts', may: ['delivery/', 'desk/audit.ts', 'desk/io.ts'], why: 'door 3, once a day' },
  { room: 'cli.ts', may: ['desk/', 'node:'], why: 'door 2' },
];

type Source = { readonly path: string; readonly text: string };

function sources(): Source[] {
  return readdirSync(HOUSE, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map(path => ({ path, text: readFileSync(join(HOUSE, path), 'utf8') }));
}

/** Every specifier of an import, type import, re-export or dynamic import. */
function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map(match => match[1] ?? match[2]!);
}

/** Imports that cross a wall the wrong way, as sentences. */
function crossings({ path, text }: Source): string[] {
  const room = ROOMS.find(({ room }) => path === room || (room.endsWith('/') && path.startsWith(room)));
  if (!room) return [`${path} is in no room`];
  return importsOf(text).flatMap(specifier => {
    const target = specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(path), specifier))
      : builtinModules.includes(specifier)
        ? `node:${specifier}`
        : specifier;
    const isAllowed = room.may.some(
      allowed =>
        target === allowed ||
        (allowed === '*/' &&
          specifier.startsWith('.') &&
          !target.startsWith('desk/') &&
          target !== 'cli.ts') ||
        (allowed.endsWith('/') && target.startsWith(allowed)) ||
        (allowed === 'node:' && target.startsWith('node:')),
    );
    return isAllowed ? [] : [`${path} imports ${specifier}: not for ${room.room}, ${room.why}`];
  });
}

describe('walls', () => {
  it('are crossed by no import of the house', () => {
    expect(sources().flatMap(crossings)).toEqual([]);
  });

  const planted: readonly (readonly [string, string])[] = [
    ['logs/records.ts', "import { readRule } from '../detection/index.ts';"],
    ['logs/records.ts', "import { readFileSync } from 'node:fs';"],
    ['logs/records.ts', "import type { Message } from '../notification/message.ts';"],
    ['detection/rule.ts', "import type { LogEvent } from '../logs/read-events.ts';"],
    ['detection/rule.ts', "import { createHash } from 'node:crypto';"],
    ['detection/rule.ts', "import { createHash } from 'crypto';"],
    ['detection/eql/lex.ts', "import { encode } from '../../notification/untrusted.ts';"],
    ['notification/email.ts', "import { readRule } from '../detection/rule.ts';"],
    ['notification/email.ts', "import { deliver } from '../delivery/deliver.ts';"],
    ['notification/email.ts', "export { S3Client } from '@aws-sdk/client-s3';"],
    ['delivery/deliver.ts', "import { scan } from '../scan.ts';"],
    ['delivery/deliver.ts', "import { encode } from '../notification/untrusted.ts';"],
    ['scan.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['scan.ts', "import { run } from './desk/scan.ts';"],
    ['settings.ts', "const sdk = await import('@aws-sdk/client-s3');"],
    ['desk/scan.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['handler.ts', "import { run } from './desk/scan.ts';"],
    ['cli.ts', "import { scan } from './scan.ts';"],
    ['helpers/text.ts', ''],
  ];
  it.each(planted)('refuse in %s: %s', (path, text) => {
    expect(crossings({ path, text })).toHaveLength(1);
  });

  it('have no file in a drawer', () => {
    expect(
      sources().filter(({ path }) => /(^|\/)(utils?|helpers?|common|types|misc)(\.ts|\/)/.test(path)),
    ).toEqual([]);
  });
});

describe('the runtime dependencies', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const packages = Object.keys(dependencies);

  it.each(packages)('%s is imported by the house', name => {
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
  for (const room of ['detection', 'notification']) {
    it.each(plants)(`in ${room} answers %j with %s`, (text, answer) => {
      const folder = mkdtempSync(join(HOUSE, room, 'plant-'));
      try {
        writeFileSync(join(folder, 'plant.ts'), text);
        writeFileSync(
          join(folder, 'tsconfig.json'),
          JSON.stringify({ extends: '../tsconfig.json', include: ['plant.ts', '../web.d.ts'] }),
        );
        const { stdout } = spawnSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' });
        expect(stdout.trim()).toMatch(answer);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
