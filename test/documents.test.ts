import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../functions/alert/lambda/settings.ts';
import { runCommand } from './cli/run-command.ts';

const PAGES = [
  ...readdirSync('.').filter(name => name.endsWith('.md')),
  ...readdirSync('docs').flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : [])),
  'infra/RUNBOOK.md',
];

/** Folders that a path may be relative to: its own words are `eql/query.ts` as often as `functions/alert/eql/query.ts`. */
const FROM = ['.', 'functions/alert', 'test'];

describe.each(PAGES)('%s', page => {
  const text = readFileSync(page, 'utf8');

  it('names files that exist', () => {
    const named = Array.from(
      text.matchAll(/`((?:[\w.-]+\/)+[\w-][\w.-]*\.(?:ts|md|yml|json|ndjson|toml|mjs))`/g),
    );
    const missing = named.filter(([, path]) => !FROM.some(from => existsSync(join(from, path!))));
    expect(missing.map(([, path]) => path)).toEqual([]);
  });

  it('links to files and headings that exist', () => {
    const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g));
    const broken = links.filter(([, path, anchor]) => {
      const file = path === '' ? page : join(dirname(page), path!);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts that exist', () => {
    const named = Array.from(text.matchAll(/\bnpm (?:run )?(test\b|(?<=run )[\w:-]+)/g), match => match[1]!);
    expect(named.filter(name => !Object.hasOwn(SCRIPTS, name))).toEqual([]);
  });

  it('names commands and flags that exist', async () => {
    const wrong: string[] = [];
    for (const [line, command, rest] of text.matchAll(/npx registry-alert ([a-z]+)([^`\n#&|;]*)/g)) {
      const { status, out } = await runCommand([command!, '--help']);
      const flags = rest!.match(/--[a-z][\w-]*/g) ?? [];
      if (status !== 0 || flags.some(flag => flag !== '--help' && !out.includes(flag))) wrong.push(line);
    }
    expect(wrong).toEqual([]);
  });
});

const SCRIPTS: object = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, text]) =>
    text!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('docs/rules.md has every placeholder of a guide', () => {
  const source = readFileSync('functions/alert/ruleset/guide/placeholders.ts', 'utf8');
  const [, table = ''] = /PLACEHOLDERS = \[([^\]]+)\]/.exec(source) ?? [];
  const names = Array.from(table.matchAll(/'([\w.-]+)'/g), ([, name]) => name!).filter(
    name => !name.startsWith('query.'),
  );
  const page = readFileSync('docs/rules.md', 'utf8');
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(name => !page.includes(`{{${name}}}`))).toEqual([]);
});

describe('the settings in the README', () => {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.slice(readme.indexOf('## Settings'), readme.indexOf('## What it promises'));
  const rows = Array.from(section.matchAll(/^\| `([A-Z_]+)`(?:, `…(_[A-Z_]+)`)? \| ([^|]+) \|/gm));
  const others = { ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:alerts' };

  it('are those of the function', () => {
    const source = readFileSync('functions/alert/lambda/settings.ts', 'utf8');
    const read = source.matchAll(/(?:setting\((?:'|`(\$\{PREFIX\}))|size\((')())([A-Z_]+)/g);
    const names = Array.from(read, ([, prefix, size, , name]) =>
      prefix || size ? `REGISTRY_ALERT_${name}` : name,
    );
    const listed = rows.flatMap(([, name, short]) => (short ? [name, `REGISTRY_ALERT${short}`] : [name]));
    expect(listed.toSorted()).toEqual(names.toSorted());
  });

  it.each(
    rows.flatMap(([, name, , fallback]) =>
      /^`[^`]*`$/.test(fallback!) ? [[name!, fallback!.slice(1, -1)]] : [],
    ),
  )('%s is %s by default', (name, fallback) => {
    expect(readSettings({ ...others, [name!]: fallback })).toEqual(readSettings(others));
  });
});
