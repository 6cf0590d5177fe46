import { enumerate } from './enumerate.ts';
import { flood } from './flood.ts';
import { interleave } from './interleave.ts';
import { LONG_TWINS, SCENARIOS, TWINS } from './scenarios.ts';
import { wholeJourney } from './whole-journey.ts';

/** `npm run faults`: every single fault, every pair, every order of two copies, and a flood. Last line: the count. */
// Two million errors are thrown, and nobody reads where.
Error.stackTraceLimit = 0;

const count = { passed: 0, failed: 0 };

for (const scenario of [...SCENARIOS, await wholeJourney()]) {
  const { runs, passed, lost, duplicates, failures } = await enumerate(scenario);
  count.passed += passed;
  count.failed += runs - passed;
  print(scenario.name, `${runs} runs`, `${lost} lost`, `${duplicates} duplicates`);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
}

for (const scenario of [...TWINS, ...LONG_TWINS]) {
  const { states, paths, lost, mostDuplicates, failures } = await interleave(scenario);
  count[lost === 0 ? 'passed' : 'failed']++;
  print(
    `two copies: ${scenario.name}`,
    `${paths} orders`,
    `${states} states`,
    `${lost} lost`,
    `at most ${mostDuplicates} duplicates`,
  );
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
}

const burst = await flood({
  objects: 10_000,
  alertsEach: 100,
  hosts: 20,
  overMs: 30 * 60_000,
  perHour: 200,
  rate: 4,
  environments: 2,
});
const wrong = burst.wrong;
count[wrong.length === 0 ? 'passed' : 'failed']++;
print('10,000 objects of 100 matches', JSON.stringify(burst));

process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

function print(...parts: readonly string[]): void {
  process.stdout.write(`${parts.join(', ')}\n`);
}
