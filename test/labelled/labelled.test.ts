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
 * The half that the indicators were made with, and the half that was opened once, at the end (README.md). `fails`: it is
 * known not to reach the goal, and the test says so until it does. Nothing was tuned to the held-out half.
 */
const HALVES = [
  { half: 'open', goal: it },
  { half: 'held-out', goal: it.fails },
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

describe.each(HALVES)('of the labelled events, the half $half:', ({ half, goal }) => {
  const events = labelled(half);
  const attacks = events.filter(({ label }) => label === 'attack');
  const ordinary = events.filter(({ label }) => label === 'ordinary');

  const missed = attacks.filter(({ level }) => level !== 'suspicious' && level !== 'unusual');
  const shown = missed.map(({ line }) => line).join('\n');

  goal('28 of 30 attacks are suspicious or unusual', () => {
    expect(missed.length, shown).toBeLessThanOrEqual((attacks.length * 2) / 30);
  });

  it('no more attacks are missed than when it was opened', () => {
    expect(attacks.length).toBeGreaterThan(20);
    expect(missed.length, shown).toBeLessThanOrEqual(3);
  });

  it('at most 4 of 30 ordinary writes are suspicious', () => {
    const wrong = ordinary.filter(({ level }) => level === 'suspicious');
    expect(ordinary.length).toBeGreaterThan(20);
    expect(wrong.length, wrong.map(({ line }) => line).join('\n')).toBeLessThanOrEqual(
      (ordinary.length * 4) / 30,
    );
  });
});
