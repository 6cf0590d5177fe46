import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AssessmentLevel } from '../../functions/alert/detection/index.ts';
import { compileQuery, type JsonObject } from '../../functions/alert/eql/index.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import type { Rule } from '../../functions/alert/ruleset/index.ts';
import { alertOf, RULE } from '../notification/fixture.ts';

type Labelled = {
  readonly label: 'attack' | 'ordinary';
  readonly source: string;
  readonly event: JsonObject;
  readonly level: AssessmentLevel;
  readonly line: string;
};

/** README.md says when each was opened. A set that is not there yet is left out. */
const SETS = ['open', 'held-out', 'second-held-out'].filter(name => existsSync(fileOf(name)));

function fileOf(name: string): string {
  return `test/labelled/${name}.ndjson`;
}

/** For writes that the shipped rule does not alert on: assessed as an alert of a rule without locations. */
const ANY: Rule = {
  ...RULE,
  query: compileQuery('registry where true', { readField }),
  patterns: [],
  locations: [],
};

const isShipped = (event: JsonObject): boolean => RULE.query.matches(event);

function labelled(name: string): readonly Labelled[] {
  const lines = readFileSync(fileOf(name), 'utf8').trim().split('\n');
  return lines.map((text, index) => {
    const { label, source, event } = JSON.parse(text) as Labelled;
    const { assessment, facts } = alertOf(event, {}, isShipped(event) ? RULE : ANY);
    const why = assessment.indicators.map(({ id, weight }) => `${id} ${weight}`).join(', ');
    const data = facts.registry.data.join(' | ').slice(0, 160);
    const line = `${index + 1} ${assessment.level} ${assessment.score}: ${data} (${why}) ${source}`;
    return { label, source, event, level: assessment.level, line };
  });
}

describe.each(SETS)('of the labelled events, %s:', name => {
  const events = labelled(name);
  const attacks = events.filter(({ label }) => label === 'attack');
  const ordinary = events.filter(({ label }) => label === 'ordinary');

  it('28 of 30 attacks are suspicious or unusual', () => {
    const missed = attacks.filter(({ level }) => level !== 'suspicious' && level !== 'unusual');
    expect(attacks.length).toBeGreaterThan(20);
    expect(missed.length, missed.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(
      (attacks.length * 2) / 30,
    );
  });

  it('at most 4 of 30 ordinary writes are suspicious', () => {
    const wrong = ordinary.filter(({ level }) => level === 'suspicious');
    expect(ordinary.length).toBeGreaterThan(20);
    expect(wrong.length, wrong.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(
      (ordinary.length * 4) / 30,
    );
  });
});
