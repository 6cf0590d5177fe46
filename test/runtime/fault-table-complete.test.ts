import { existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The fault table has the rows T01 to T63: failed requests, lost answers, deadlines and kills, each a named test. */
const IDS = Array.from({ length: 63 }, (_, at) => `T${String(at + 1).padStart(2, '0')}`);

/** Rows that no test makes through the bundle: why, and what shows them instead. */
const OTHERWISE: Readonly<Record<string, readonly [because: string, shownIn: string, says: string]>> = {
  T34: [
    'nothing is published in batches, so no part of one can fail',
    'test/runtime/fault-table-complete.test.ts',
    'no batch is published',
  ],
  T40: [
    'SNS reports nothing about a mailbox to the publisher: the weekly test and the alarm on failed deliveries see it',
    'test/infra/checklist/watching.ts',
    'a subscription that is lost is seen',
  ],
  T57: [
    '10,000 objects at four messages a second take longer than a test has: in virtual time',
    'test/faults/faults.test.ts',
    'a flood is paced, held and counted',
  ],
  T59: [
    'the pipe of the log is that of the runtime client, which ends with it: at the writer',
    'test/observability/telemetry.test.ts',
    'T59',
  ],
  T63: [
    'SNS confirms subscriptions, the function does not: docs/subscribers.md has the deployer authenticate unsubscribing',
    'docs/subscribers.md',
    '--authenticate-on-unsubscribe true',
  ],
};

const namedHere = new Set(
  globSync('test/runtime/*.test.ts')
    .filter(path => !path.endsWith('fault-table-complete.test.ts'))
    .flatMap(path => readFileSync(path, 'utf8').match(/(?<!\/\/.*)\bT\d\d\b/g) ?? []),
);

it('each row of the fault table is made through the bundle, or it is said why not', () => {
  expect(IDS.filter(id => !namedHere.has(id) && !(id in OTHERWISE))).toEqual([]);
  expect(Object.keys(OTHERWISE).filter(id => namedHere.has(id) || !IDS.includes(id))).toEqual([]);
});

it.each(Object.entries(OTHERWISE))('%s is shown elsewhere', (_, [because, shownIn, says]) => {
  expect(because).not.toBe('');
  expect(existsSync(shownIn) && readFileSync(shownIn, 'utf8').includes(says)).toBe(true);
});

it('no batch is published (T34)', () => {
  const sources = globSync('functions/**/*.ts').map(path => readFileSync(path, 'utf8'));
  expect(sources.filter(text => text.includes('PublishBatch'))).toEqual([]);
});
