import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

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

  it('links to files that exist', () => {
    const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#\s]+)/g), match => match[1]!);
    expect(links.filter(path => !existsSync(join(dirname(page), path)))).toEqual([]);
  });
});
