import { describe, expect, it } from 'vitest';
import { seenRunning } from '../../functions/alert/detection/payload/index.ts';
import { PAYLOAD_FORMS } from '../../functions/alert/ruleset/locations.ts';
import { payloadOf } from './payload-of.ts';

describe('a hostile payload', () => {
  const long = 1_048_576;
  const texts: readonly string[] = [
    '/'.repeat(long),
    '\\'.repeat(long),
    '"'.repeat(long),
    '" '.repeat(long / 2),
    'a '.repeat(long / 2),
    '%a%'.repeat(long / 3),
    '^&|'.repeat(long / 3),
    'cmd /c '.repeat(5_000),
    'A'.repeat(long),
    `${'-e '.repeat(10_000)}`,
    'http://'.repeat(5_000),
    '1.'.repeat(20_000),
    ':'.repeat(long),
    'if exist a '.repeat(3_000),
    `for ${'a '.repeat(10_000)}`,
    '\ud800'.repeat(10_000),
    'a.com '.repeat(6_000),
    '..\\'.repeat(10_000),
    `rundll32 ${','.repeat(32_000)}`,
    `rundll32 ${'-sta {0} '.repeat(3_500)}a.dll,b`,
    `cmd /c ${'"'.repeat(32_000)}`,
    `C:\\${' x'.repeat(16_000)}.exe`,
    'powershell -e'.repeat(2_500),
  ];
  it.each(texts.map(text => [text.slice(0, 12), text] as const))(
    'of %j… is read in bounded work and memory',
    (_, text) => {
      for (const form of PAYLOAD_FORMS) {
        const payload = payloadOf([text, text], form);
        expect(payload.commands.length).toBeLessThanOrEqual(16);
        expect(payload.decoded.length).toBeLessThanOrEqual(4);
        expect(payload.addresses.length).toBeLessThanOrEqual(32);
        expect(JSON.stringify(payload).length).toBeLessThan(16 * 32_767 * 30);
        expect(seenRunning(payload).processes.length).toBeLessThanOrEqual(8);
      }
    },
  );
});
