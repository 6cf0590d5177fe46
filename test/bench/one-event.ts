import { makeDetector } from '../../functions/alert/detection/index.ts';
import { readField, readFields } from '../../functions/alert/logs/decoding/read-field.ts';
import { loadIndicators, loadRules, ownRules } from '../../functions/alert/pipeline/load-rules.ts';
import { sha256 } from '../../functions/alert/pipeline/scan-log.ts';

/** Paths of 32 KB that are dear to a matcher which is not linear. */
const HOSTILE = [
  `HKLM\\SYSTEM\\${'ControlSet\\Services\\'.repeat(1638)}`,
  `HKLM\\SYSTEM\\${'ControlSet'.repeat(3276)}`,
  `HKEY_USERS\\${'S-1-5-21\\Software\\Microsoft\\'.repeat(1170)}`,
];

/** Milliseconds to evaluate one event by the shipped rule: the worst path, the median of fifty turns. */
export async function evaluateOnce(): Promise<number> {
  const detector = makeDetector(loadRules(ownRules()), {
    readField,
    readFields,
    sha256,
    dedupScope: 'event',
    osTypeFallback: [],
    indicators: loadIndicators('rules'),
  });
  const evaluated = HOSTILE.map(path => {
    const document = {
      '@timestamp': '2026-11-24T02:46:51Z',
      event: { category: ['registry'], type: ['change'] },
      host: { os: { type: 'windows' } },
      process: { name: 'WmiPrvSE.exe' },
      registry: { path, data: { strings: ['x'] } },
    };
    const times = Array.from({ length: 50 }, () => {
      const start = performance.now();
      detector.evaluate(document, {
        evidence: () => {
          throw new Error('no hostile path may match');
        },
        origin: () => 'unknown',
        raw: null,
        source: () => ({ product: 'elastic-defend', index: null, inferred: [] }),
        isEndgame: false,
        asOfMs: null,
      });
      return performance.now() - start;
    });
    return times.toSorted((a, b) => a - b)[25]!;
  });
  return Math.max(...evaluated);
}
