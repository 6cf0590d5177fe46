import { expect, it } from 'vitest';
import { CANARY, checkLogs } from './checked-logs.ts';

it.each([
  ['no JSON', 'Error: what is this', 'no JSON'],
  ['the end of a line that was cut', '{"level":"in', 'no JSON'],
  ['a JSON value that is no object', '7', 'no JSON'],
  ['text of an event', `{"note":"C:\\\\${CANARY}.exe"}`, `quotes an event (${CANARY})`],
  ['the name of a host', '{"object":{"key":"HOST-T01-0"}}', 'quotes an event (HOST-)'],
  ['the name of a host of the evidence', '{"note":"on FIN-WS-042"}', 'quotes an event (FIN-WS-042)'],
])('a log with %s is refused', (_, line, says) => {
  expect(() => checkLogs(['{"event":"function.started"}', line])).toThrow(says);
});

it('a log of our own words is not', () => {
  checkLogs(['{"event":"scan.finished","object":{"key":"exports/host-t01-0"}}', '{"_aws":{}}']);
});
