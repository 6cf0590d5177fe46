import { describe, expect, it } from 'vitest';
import type { Detector, Match } from '../../functions/alert/detection/index.ts';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import type { JsonObject } from '../../functions/alert/eql/document.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import { DEFAULT_LIMITS } from '../../functions/alert/logs/log-reader.ts';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { scan } from '../../functions/alert/pipeline/scan-log.ts';
import { readRule } from '../../functions/alert/ruleset/index.ts';
import { alertOf, OPTIONS, RULE, RUN_KEY, runKeyEvent } from '../notification/fixture.ts';
import { detectorOf } from '../ruleset/detector.ts';
import { deps, filesOf, problemsOf, WMI_RULE } from '../ruleset/rule-folder.ts';

// H… in a name is a row of the table of hostile inputs (test/hostile-table.test.ts).

const RUN = `HKLM\\${RUN_KEY}\\`;
const SERVICES = 'Services\\Spooler\\ImagePath';

const matches = (condition: string, f: string, caseFolding: 'ascii' | 'unicode' = 'ascii'): boolean =>
  compileQuery(`any where ${condition}`, { readField, caseFolding }).matches({ f });

describe('a hostile value before a wildcard', () => {
  const rows: readonly (readonly [id: string, pattern: string, value: string, due: boolean])[] = [
    ['H46 a line feed between two parts', 'a*b*c', 'a\nb\r\nc', true],
    ['H46 a line feed for ?', 'a?b', 'a\nb', true],
    ['H46 U+2028 and U+0085', 'a*b', 'a\u2028\u0085b', true],
    ['H47 a star in the data', 'a*c', 'a*b*c', true],
    ['H47 a star in the data is no wildcard', 'abc', 'a*c', false],
    ['H47 ? in the data is no wildcard', 'abc', 'a?c', false],
    ['H47 brackets, carets and dots in the rule', '[a]^.$(b)|*', '[a]^.$(b)|x', true],
    ['H47 brackets are no class', '[a]', 'a', false],
    ['H47 a backslash is itself', 'a\\*', 'a\\b', true],
    ['H48 ? is one code point', 'a?b', 'a\u{1f600}b', true],
    ['H48 ?? is two', 'a??b', 'a\u{1f600}b', false],
    ['H48 half of a pair is one', 'a?b', 'a\ud83db', true],
    ['H50 full width', 'HKLM*', '\uff28\uff2b\uff2c\uff2d\\a', false],
    ['H50 Cyrillic look-alikes', 'HKLM*', 'HK\u041b\u041c\\a', false],
    ['H50 composed in the rule, decomposed in the data', 'caf\u00e9', 'cafe\u0301', false],
    ['H50 decomposed in the rule, composed in the data', 'cafe\u0301', 'caf\u00e9', false],
    ['H50 composed in both', 'caf\u00e9', 'caf\u00e9', true],
  ];
  it.each(rows)('%s', (_, pattern, value, due) =>
    expect(matches(`f : ${JSON.stringify(pattern)}`, value)).toBe(due),
  );

  const foldings: readonly (readonly [string, string, string, ascii: boolean, unicode: boolean])[] = [
    ['H49 A to Z', 'HKLM', 'hklm', true, true],
    ['H49 the Kelvin sign', 'HKLM', 'H\u212aLM', false, true],
    ['H49 the long s', 's*', '\u017fx', false, true],
    ['H49 the dotted capital I is no i', 'i*', '\u0130x', false, false],
    ['H49 nor i with a dot', 'i\u0307', '\u0130', false, false],
    ['H49 what is longer in lower case stays one', '?x', '\u0130x', true, true],
  ];
  it.each(foldings)('%s', (_, pattern, value, ascii, unicode) => {
    const condition = `f : ${JSON.stringify(pattern)}`;
    expect([matches(condition, value), matches(condition, value, 'unicode')]).toEqual([ascii, unicode]);
  });
});

const detector = detectorOf([RULE]);
const withPath = (path: string): JsonObject => ({
  ...runKeyEvent(),
  registry: { path, data: { strings: ['x'] } },
});

describe('a hostile path before the rule', () => {
  const rows: readonly (readonly [id: string, path: string, due: boolean])[] = [
    ['H50 full width', `\uff28\uff2b\uff2c\uff2d\\${RUN_KEY}\\a`, false],
    ['H51 blanks behind the value', `${RUN}a  `, true],
    ['H51 a blank behind the key', `HKLM\\${RUN_KEY} \\a`, false],
    ['H51 NUL in the value', `${RUN}a\0b`, true],
    ['H51 NUL in the key', `HKLM\\${RUN_KEY}\0\\a`, false],
    ['H51 a trailing backslash', RUN, true],
    ['H51 \\\\?\\ before the hive', `\\\\?\\${RUN}a`, false],
    ['H51 the name in the kernel', `\\REGISTRY\\MACHINE\\${RUN_KEY}\\a`, true],
    ['H51 the name in the kernel, small', `\\registry\\machine\\${RUN_KEY.toLowerCase()}\\a`, true],
    ['H51 the hive written out', `HKEY_LOCAL_MACHINE\\${RUN_KEY}\\a`, false],
    ['H51 ControlSet001', `HKLM\\SYSTEM\\ControlSet001\\${SERVICES}`, true],
    ['H51 CurrentControlSet', `HKLM\\SYSTEM\\CurrentControlSet\\${SERVICES}`, true],
    ['H51 no control set', `HKLM\\SYSTEM\\${SERVICES}`, false],
  ];
  it.each(rows)('%s', (_, path, due) => expect(RULE.query.matches(withPath(path))).toBe(due));

  it.each([
    ['H45 of repeated beginnings', 'HKLM\\SYSTEM\\ControlSet001\\Services\\'],
    ['H45 of one repeated letter', 'HKEY_USERS\\'],
    ['H45 of what every pattern begins with', `HKEY_USERS\\${RUN_KEY}`],
  ])('%s is evaluated in linear time', (_, piece) => {
    const document = withPath(piece.repeat(32_767).slice(0, 32_766));
    // A hundred times: with backtracking that takes minutes, which the test's own limit ends.
    for (let round = 0; round < 100; round++) RULE.query.matches(document);
    expect(RULE.query.matches(document)).toBe(false);
  });
});

describe('a hostile time', () => {
  const rows: readonly (readonly [id: string, time: JsonObject, shown: string])[] = [
    ['H52 missing', {}, 'not in the event'],
    ['H52 of year 0', { '@timestamp': '0000-01-01T00:00:00Z' }, '0000-01-01 00:00:00 UTC'],
    ['H52 of year 9999', { '@timestamp': '9999-12-31T23:59:59.999Z' }, '9999-12-31 23:59:59 UTC'],
    ['H52 in no known form', { '@timestamp': '24/11/2026 02:46' }, 'not a readable time: 24/11/2026 02:46'],
    ['H52 as an array', { '@timestamp': ['2031-01-01T00:00:00Z', 'x'] }, '2031-01-01 00:00:00 UTC'],
    ['H52 in the future', { '@timestamp': '2031-01-01T00:00:00Z' }, '2031-01-01 00:00:00 UTC'],
    ['H52 beyond any calendar', { '@timestamp': 1e20 }, 'not a readable time: 100000000000000000000'],
  ];
  it.each(rows)('%s is evaluated and shown as it is', (_, time, shown) => {
    const { '@timestamp': _time, ...rest } = runKeyEvent();
    const { email } = renderAlert(alertOf({ ...rest, ...time }), OPTIONS);
    expect(email.replace(/\s+/g, ' ')).toContain(shown);
  });
});

/** Drafts of the distinct alerts of a log, and how many records each had. */
async function alertsOf(records: readonly JsonObject[]) {
  const { result, matches } = await scanned(records, detector);
  return matches.map(match => result.complete(match, null).occurrences);
}

async function scanned(records: readonly JsonObject[], by: Detector) {
  const log = Buffer.from(records.map(record => `${JSON.stringify(record)}\n`).join(''));
  const matches: Match[] = [];
  const result = await scan(
    (async function* () {
      yield log;
    })(),
    { bucket: 'logs', key: 'a', versionId: 'v', etag: null, lastModified: null },
    { detector: by, limits: DEFAULT_LIMITS, audit: false, asOfMs: null },
    { match: match => void matches.push(match) },
  );
  return { result, matches };
}

describe('more combinations of values than a rule is tried with', () => {
  const computing = {
    ...RULE,
    id: 'computing',
    query: compileQuery('registry where stringContains(f, g)', { readField }),
  };
  const many = (of: string) => Array.from({ length: 1100 }, (_, at) => of + at);
  const full = { ...runKeyEvent(), f: many('x'), g: many('y') };

  it('skip the record and say that a match may hide in it; other rules and records are evaluated', async () => {
    const by = detectorOf([computing, RULE]);
    const { result, matches } = await scanned([full, withPath(`${RUN}other`)], by);
    expect(matches.map(({ rule }) => rule.id)).toEqual([RULE.id, RULE.id]);
    const { skipped, suspicious } = result.report;
    expect(skipped.TooManyValues).toBe(1);
    expect(suspicious).toEqual([{ code: 'TooManyValues', record: 1, offset: 0 }]);
  });
});

describe('events that come again', () => {
  it('H53 another event under a used event.id alerts', async () => {
    const other = withPath(`${RUN}other`);
    expect(other['event']).toEqual(runKeyEvent()['event']);
    expect(await alertsOf([runKeyEvent(), other])).toEqual([1, 1]);
  });

  it('H54 a thousand equal lines are one alert that says so', async () => {
    expect(await alertsOf(Array.from({ length: 1000 }, () => runKeyEvent()))).toEqual([1000]);
  });
});

it.each(['guide.en.md', 'guide.zh-CN.md', 'rule.toml'])('H57 %s of more than 256 KB is refused', name => {
  const files = filesOf(WMI_RULE);
  const comment = `\n# ${'x'.repeat(262_144)}\n`;
  const problems = problemsOf(() =>
    readRule('wmi', new Map([...files, [name, `${files.get(name)}${comment}`]]), deps),
  );
  expect(problems.map(({ code }) => code)).toContain('TooLarge');
});
