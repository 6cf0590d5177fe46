import { readFileSync } from 'node:fs';
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

/**
 * The half that the indicators were made with, and the half that was opened once, at the end, with the attacks that each
 * may miss. The goal is 28 of 30. The held-out half gave 21 of 24 (README.md); nothing was tuned to it since, and it
 * may only get better.
 */
const HALVES = [
  { half: 'open', missedAtMost: 1 },
  { half: 'held-out', missedAtMost: 3 },
] as const;

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

describe.each(HALVES)('of the labelled events, the half $half:', ({ half, missedAtMost }) => {
  const events = labelled(half);
  const attacks = events.filter(({ label }) => label === 'attack');
  const ordinary = events.filter(({ label }) => label === 'ordinary');

  it(`all attacks but ${missedAtMost} are suspicious or unusual`, () => {
    const missed = attacks.filter(({ level }) => level !== 'suspicious' && level !== 'unusual');
    expect(attacks.length).toBeGreaterThan(20);
    expect(missed.length, missed.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(missedAtMost);
  });

  it('at most 4 of 30 ordinary writes are suspicious', () => {
    const wrong = ordinary.filter(({ level }) => level === 'suspicious');
    expect(ordinary.length).toBeGreaterThan(20);
    expect(wrong.length, wrong.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(
      (ordinary.length * 4) / 30,
    );
  });
});
