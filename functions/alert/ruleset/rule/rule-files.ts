import { LOCALES } from '../locale.ts';
import { type Problems, unknownName } from '../problem.ts';
import type { OwnTable } from './rule-metadata.ts';

/** Longest text of one file. A longer guide could not be published in one message. */
const MAX_FILE_BYTES = 262_144;

const FILES = [
  'rule.toml',
  'locations.toml',
  'exceptions.toml',
  ...LOCALES.map(locale => `guide.${locale}.md`),
  'match.ndjson',
  'quiet.ndjson',
  // Upstream's version at the last `rules add` or `rules update`.
  'upstream.toml',
  'README.md',
];

/** Checks that every file is known and that none is too long. Evidence may be of any length. */
export function checkFiles(folder: string, files: ReadonlyMap<string, string>, problems: Problems): void {
  if (!files.has('rule.toml')) {
    problems.in(`${folder}/rule.toml`, 'MissingFile', 'the folder has no rule.toml');
  }
  for (const [name, text] of files) {
    if (!FILES.includes(name)) {
      problems.in(`${folder}/${name}`, 'UnknownFile', unknownName('file', name, FILES));
    } else if (!name.endsWith('.ndjson') && new TextEncoder().encode(text).length > MAX_FILE_BYTES) {
      const message = `longer than ${MAX_FILE_BYTES} bytes, the limit of one message`;
      problems.in(`${folder}/${name}`, 'TooLarge', message);
    }
  }
}

const WHOLE = 'whole = true in [registry_alert] requires it';

/** What a whole rule must have and any other should. Evidence is not checked here: the function runs without it. */
export function checkWhole(
  folder: string,
  files: ReadonlyMap<string, string>,
  own: OwnTable,
  hasNote: boolean,
  problems: Problems,
  warnings: string[],
): void {
  const wanted = ['locations.toml', 'exceptions.toml', ...LOCALES.map(locale => `guide.${locale}.md`)];
  for (const name of wanted.filter(name => !files.has(name))) {
    if (own.isWhole) problems.in(`${folder}/${name}`, 'MissingFile', `${name} is missing; ${WHOLE}`);
    else if (name === 'guide.en.md' && hasNote) warnings.push(`${name} is missing; the note is the guide`);
    else if (name !== 'exceptions.toml') warnings.push(`${name} is missing`);
  }
  const rule = `${folder}/rule.toml`;
  if (!own.isWhole) return;
  if (!own.guideSteps) problems.in(rule, 'MissingKey', `guide_steps is missing; ${WHOLE}`);
  for (const locale of LOCALES) {
    if (locale !== 'en' && !own.texts[locale]) {
      problems.in(
        rule,
        'MissingKey',
        `[registry_alert.${locale}] with name and description is missing; ${WHOLE}`,
      );
    }
  }
}

/** A hash over the files that can change which events match. */
export function digestOf(files: ReadonlyMap<string, string>, sha256: (text: string) => string): string {
  const evaluated = ['rule.toml', 'locations.toml', 'exceptions.toml'].filter(name => files.has(name));
  return sha256(evaluated.map(name => `${name} ${files.get(name)!.length}\n${files.get(name)}`).join(''));
}
