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

const rows: readonly (readonly [string, readonly Sketch[], string[][]])[] = [
  [
    'ten minutes apart are one',
    [
      { id: 'a', minute: 0 },
      { id: 'b', minute: 10 },
      { id: 'c', minute: 20 },
    ],
    [['a', 'b', 'c']],
  ],
  [
    'more than ten are two',
    [
      { id: 'a', minute: 0 },
      { id: 'b', minute: 10.001 },
    ],
    [['a'], ['b']],
  ],
  [
    'the order in the log does not count',
    [
      { id: 'c', minute: 20 },
      { id: 'a', minute: 0 },
      { id: 'b', minute: 10 },
    ],
    [['a', 'b', 'c']],
  ],
  [
    'hosts are apart',
    [
      { id: 'a', minute: 0 },
      { id: 'b', minute: 0, host: 'I' },
    ],
    [['a'], ['b']],
  ],
  [
    'rules are apart',
    [
      { id: 'a', minute: 0 },
      { id: 'b', minute: 0, rule: 's' },
    ],
    [['a'], ['b']],
  ],
  [
    'an unknown host groups with nothing',
    [
      { id: 'a', minute: 0, host: null },
      { id: 'b', minute: 0, host: null },
    ],
    [['a'], ['b']],
  ],
  [
    'an unknown time groups with nothing',
    [
      { id: 'a', minute: null },
      { id: 'b', minute: null },
    ],
    [['a'], ['b']],
  ],
  [
    'five by one initiator and a sixth by another',
    [...'abcde']
      .map(id => ({ id, minute: 0, initiator: 'p' }) as Sketch)
      .concat({ id: 'f', minute: 0, initiator: 'q' }),
    [['a', 'b', 'c', 'd', 'e'], ['f']],
  ],
  [
    'an initiator is not a writer of the same id',
    [
      { id: 'a', minute: 0, initiator: 'w' },
      { id: 'b', minute: 0 },
      { id: 'c', minute: 0, writer: null },
    ],
    [['a'], ['b'], ['c']],
  ],
  [
    'most suspicious first, then by time, then by id',
    [
      { id: 'd', minute: 1 },
      { id: 'c', minute: 2, level: 'suspicious', score: 40 },
      { id: 'e', minute: 1 },
      { id: 'b', minute: 3, level: 'suspicious', score: 60 },
      { id: 'a', minute: 0, level: 'administration' },
    ],
    [['b', 'c', 'd', 'e', 'a']],
  ],
  [
    'more than a hundred are parts, the most suspicious in the first',
    names.map((id, at) => ({ id, minute: 0, level: at < 120 ? 'unclear' : 'suspicious' })),
    [[...names.slice(120), ...names.slice(0, 70)], names.slice(70, 120)].toSorted(
      (a, b) => names.indexOf(a.toSorted()[0]!) - names.indexOf(b.toSorted()[0]!),
    ),
  ],
];

describe('incidents', () => {
  it.each(rows)('%s', (_, alerts, expected) => {
    expect(idsOf(alerts)).toEqual(expected);
  });

  it('are single alerts where grouping is off', () => {
    expect(
      idsOf(
        [
          { id: 'a', minute: 0 },
          { id: 'b', minute: 0 },
        ],
        'off',
      ),
    ).toEqual([['a'], ['b']]);
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
