import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert, AssessmentLevel } from '../../functions/alert/detection/index.ts';
import { groupIncidents } from '../../functions/alert/pipeline/incidents.ts';
import { scale, seed } from '../scale.ts';

type Sketch = {
  readonly id: string;
  readonly rule?: string;
  readonly host?: string | null;
  readonly initiator?: string | null;
  readonly writer?: string | null;
  readonly minute: number | null;
  readonly level?: AssessmentLevel;
  readonly score?: number;
};

const MINUTE = 60_000;

/** An alert as far as grouping reads one. */
function alertOf(sketch: Sketch, record: number): Alert {
  const {
    id,
    rule = 'r',
    host = 'H',
    initiator = null,
    writer = 'w',
    minute,
    level = 'unclear',
    score = 0,
  } = sketch;
  return {
    id,
    rule: { id: rule },
    facts: {
      hostId: host,
      hostName: null,
      agentId: null,
      requester: { entityId: initiator },
      writer: { entityId: writer },
      timestampMs: minute === null ? null : minute * MINUTE,
    },
    evidence: { record },
    assessment: { level, score, indicators: [] },
  } as unknown as Alert;
}

const idsOf = (alerts: readonly Sketch[], grouping: 'incident' | 'off' = 'incident'): string[][] =>
  groupIncidents(alerts.map(alertOf), grouping).map(({ alerts }) => alerts.map(({ id }) => id));

const names = Array.from({ length: 150 }, (_, at) => `n${at + 100}`);

/** An alert at a minute; the alerts of a row are called a, b, c in their order, unless one has an id. */
const at = (minute: number | null, more: Partial<Sketch> = {}) => ({ minute, ...more });

/** What becomes one incident, and in which order: the ids of each. */
const rows: readonly (readonly [name: string, alerts: readonly Partial<Sketch>[], incidents: string])[] = [
  ['ten minutes apart are one', [at(0), at(10), at(20)], 'abc'],
  ['more than ten are two', [at(0), at(10.001)], 'a b'],
  ['the order in the log does not count', [at(20), at(0), at(10)], 'bca'],
  ['hosts are apart', [at(0), at(0, { host: 'I' })], 'a b'],
  ['rules are apart', [at(0), at(0, { rule: 's' })], 'a b'],
  ['an unknown host groups with nothing', [at(0, { host: null }), at(0, { host: null })], 'a b'],
  ['an unknown time groups with nothing', [at(null), at(null)], 'a b'],
  [
    'five by one initiator and a sixth by another',
    [...Array(5).fill(at(0, { initiator: 'p' })), at(0, { initiator: 'q' })],
    'abcde f',
  ],
  [
    'an initiator is not a writer of the same id',
    [at(0, { initiator: 'w' }), at(0), at(0, { writer: null })],
    'a b c',
  ],
  [
    'most suspicious first, then by time, then by id',
    [
      at(0, { level: 'administration' }),
      at(3, { level: 'suspicious', score: 60 }),
      at(2, { level: 'suspicious', score: 40 }),
      at(1, { id: 'e' }),
      at(1, { id: 'd' }),
    ],
    'bcdea',
  ],
];

describe('incidents', () => {
  it.each(rows)('%s', (_, alerts, incidents) => {
    const named = alerts.map((alert, index) => ({ id: 'abcdef'[index]!, minute: 0, ...alert }));
    expect(idsOf(named).map(ids => ids.join(''))).toEqual(incidents.split(' '));
  });

  it('of more than a hundred are in parts, the most suspicious in the first', () => {
    const alerts = names.map((id, index) => at(0, { id, level: index < 120 ? 'unclear' : 'suspicious' }));
    expect(idsOf(alerts as Sketch[])).toEqual(
      [[...names.slice(120), ...names.slice(0, 70)], names.slice(70, 120)].toSorted(
        (a, b) => names.indexOf(a.toSorted()[0]!) - names.indexOf(b.toSorted()[0]!),
      ),
    );
  });

  it('are single alerts where grouping is off', () => {
    expect(idsOf([at(0, { id: 'a' }), at(0, { id: 'b' })] as Sketch[], 'off')).toEqual([['a'], ['b']]);
  });

  it('are those of an independent count, in whatever order the alerts come, with the same ids', () => {
    const sketch = fc.record({
      host: fc.constantFrom('H', 'I', null),
      initiator: fc.constantFrom('p', 'q', 'w', null),
      writer: fc.constantFrom('w', 'p', null),
      minute: fc.constantFrom(0, 5, 10, 10.5, 20, 31, 41, null),
      level: fc.constantFrom<AssessmentLevel>('suspicious', 'unclear'),
    });
    const cases = fc.array(sketch, { maxLength: 25 }).chain(list => {
      const alerts = list.map((one, at) => alertOf({ ...one, id: `a${at}` }, at));
      return fc.tuple(fc.constant(alerts), fc.shuffledSubarray(alerts, { minLength: alerts.length }));
    });
    fc.assert(
      fc.property(cases, ([alerts, shuffled]) => {
        const found = groupIncidents(shuffled, 'incident');
        expect(found.map(({ id }) => id)).toEqual(groupIncidents(alerts, 'incident').map(({ id }) => id));
        const together = (a: Alert, b: Alert) =>
          found.some(({ alerts }) => alerts.includes(a) && alerts.includes(b));
        for (const a of alerts)
          for (const b of alerts) expect(together(a, b)).toBe(a === b || areLinked(a, b, alerts));
      }),
      { seed: seed(), numRuns: scale(20_000) },
    );
  });
});

/** Whether a chain of alerts of the same kind leads from one to the other, no step longer than ten minutes. */
function areLinked(a: Alert, b: Alert, alerts: readonly Alert[]): boolean {
  const isAlike = ({ facts }: Alert): boolean =>
    facts.hostId !== null &&
    facts.hostId === a.facts.hostId &&
    facts.timestampMs !== null &&
    facts.requester.entityId === a.facts.requester.entityId &&
    (a.facts.requester.entityId !== null || facts.writer.entityId === a.facts.writer.entityId);
  const reached = new Set([a].filter(isAlike));
  for (let size = -1; size < reached.size; ) {
    size = reached.size;
    for (const one of alerts.filter(isAlike))
      if (
        [...reached].some(other => Math.abs(one.facts.timestampMs! - other.facts.timestampMs!) <= 10 * MINUTE)
      )
        reached.add(one);
  }
  return reached.has(b);
}
