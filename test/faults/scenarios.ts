import type { Scenario } from './enumerate.ts';
import { sketchScan } from './journey.ts';
import { RECORDS, TOPICS } from './world.ts';

const two = [{ name: 'a' }, { name: 'b', host: 'H2' }];

/** Small journeys that between them make every call that delivery makes. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'two alerts', scanned: sketchScan({ key: 'two', alerts: two }) },
  {
    name: 'three alerts, a digest and damage',
    scanned: sketchScan({
      key: 'digest',
      alerts: [...two, { name: 'c' }],
      hasDigest: true,
      isDamaged: true,
    }),
  },
  {
    name: 'an hour of two messages: one told, the others held',
    scanned: sketchScan({ key: 'held', alerts: [...two, { name: 'c' }], hasDigest: true }),
    options: { perHour: 2 },
  },
  {
    name: 'repeats',
    scanned: sketchScan({
      key: 'repeats',
      alerts: [
        { name: 'a', path: 'p', data: 'd' },
        { name: 'b', path: 'p', data: 'd' },
        { name: 'c', path: 'q', data: 'd' },
      ],
    }),
  },
  {
    name: 'a topic for machines',
    scanned: sketchScan({ key: 'records', alerts: two }),
    options: { topics: { ...TOPICS, records: RECORDS }, perHour: 1 },
  },
];
