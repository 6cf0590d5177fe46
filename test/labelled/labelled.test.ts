import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AssessmentLevel } from '../../functions/alert/detection/index.ts';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { alertOf } from '../notification/fixture.ts';

type Labelled = {
  readonly label: 'attack' | 'ordinary';
  readonly source: string;
  readonly event: JsonObject;
  readonly level: AssessmentLevel;
  readonly line: string;
};

/** The half that the indicators may be measured with, and the half that was opened once, at the end. */
const HALVES = ['open', 'held-out'].filter(name => existsSync(`test/labelled/${name}.ndjson`));

function labelled(half: string): readonly Labelled[] {
  const lines = readFileSync(`test/labelled/${half}.ndjson`, 'utf8').trim().split('\n');
  return lines.map((text, index) => {
    const { label, source, event } = JSON.parse(text) as Labelled;
    const { assessment, facts } = alertOf(event);
    const why = assessment.indicators.map(({ id, weight }) => `${id} ${weight}`).join(', ');
    const data = facts.registry.data.join(' | ').slice(0, 160);
    const line = `${index + 1} ${assessment.level} ${assessment.score}: ${data} (${why}) ${source}`;
    return { label, source, event, level: assessment.level, line };
  });
}

describe.each(HALVES)('of the labelled events, the half %s:', half => {
  const events = labelled(half);
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
