import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../functions/alert/detection/index.ts';
import { subjectOf } from '../../functions/alert/notification/alert/subject-line.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { seed } from '../scale.ts';
import { alertOf, OPTIONS, RULE, RUN_KEY, runKeyEvent, USER_SID, writeEvent } from './fixture.ts';
import { randomText } from './hostile-texts.ts';
import { keyOf, LOCATION_ROWS } from './location-rows.ts';

const subject = (alert: Alert): string => subjectOf(alert, OPTIONS);

const ROWS: readonly (readonly [subject: string, alert: Alert])[] = [
  [
    '[high] suspicious: Run key "Updater" -> C:\\Users\\Public\\up.exe -s on FIN-WS-042',
    alertOf(runKeyEvent()),
  ],
  [
    '[high] administration?: Run key "Updater" -> C:\\Users\\Public\\up.exe -s on FIN-WS-042',
    { ...alertOf(runKeyEvent()), assessment: { level: 'administration', score: -40, indicators: [] } },
  ],
  [
    '[high] suspicious: service program "PrintHelper" -> C:\\a.exe on FIN-WS-042',
    alertOf(
      writeEvent({
        hive: 'HKLM',
        key: 'SYSTEM\\ControlSet001\\Services\\PrintHelper',
        value: 'ImagePath',
        strings: ['C:\\a.exe'],
      }),
    ),
  ],
  // Shown is the program that Windows would not start anyway.
  [
    '[high] suspicious: Winlogon Shell -> sh.exe~ on FIN-WS-042',
    shellOf('explorer.exe, "C:\\ProgramData\\sh.exe"'),
  ],
  [
    '[high] suspicious: Winlogon Shell -> sh.exe -x 1~ on FIN-WS-042',
    shellOf('C:\\ProgramData\\sh.exe -x=1,explorer.exe'),
  ],
  [
    '[high] suspicious: Winlogon Shell -> explorer.exe -x 1~ on FIN-WS-042',
    shellOf('C:\\ProgramData\\explorer.exe -x=1,cmd.exe'),
  ],
  [
    '[high] suspicious, deleted: Run key "Updater" -> C:\\Users\\Public\\up.exe -s on FIN-WS-042',
    { ...alertOf(runKeyEvent()), event: { event: { type: ['deletion'] } } },
  ],
  // What is left out does not join its neighbours.
  [
    '[high] unusual: Run key "a b" -> x.exe --opt 1~ on FIN-WS-042',
    alertOf(
      writeEvent({ key: `${USER_SID}\\${RUN_KEY}`, value: 'a b', strings: ['C:\\Tools\\x.exe --opt=1'] }),
    ),
  ],
  [
    '[high] suspicious: Run key "Updater" -> C:\\Users\\Public\\up.exe -s on 10.1.20.14~',
    alertOf(
      runKeyEvent({ host: { name: '财务-07', ip: ['fe80::1', '10.1.20.14'], os: { type: 'windows' } } }),
    ),
  ],
  [
    '[high] suspicious: A Rule whose Na~ "Updater" -> up.exe -s~ on FIN-WS-042',
    withoutLocation('A Rule whose Name Is of Forty Letters at Least'),
  ],
];

it.each(ROWS)('%s', (wanted, alert) => {
  expect(subject(alert).replace(/~\w{4}/g, '~')).toBe(wanted);
});

/** Of a rule that knows no locations. */
function withoutLocation(name: string): Alert {
  const alert = alertOf(runKeyEvent());
  return { ...alert, location: null, rule: { ...alert.rule, name: { en: name, 'zh-CN': name } } };
}

function shellOf(data: string): Alert {
  const key = `${USER_SID}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon`;
  return alertOf(writeEvent({ key, value: 'Shell', strings: [data] }));
}

/** What a subject must distinguish. */
const identityOf = ({ facts, location }: Alert): string =>
  JSON.stringify([
    location?.number ?? null,
    facts.service ?? facts.registry.value,
    // Blanks around a command line are no part of what runs.
    facts.registry.data.map(text => text.trim()),
    facts.hostName ?? facts.hostId,
  ]);

function expectDistinct(alerts: readonly Alert[]): void {
  const seen = new Map<string, string>();
  for (const alert of alerts) {
    const shown = subject(alert);
    expect(shown).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(shown).not.toMatch(/:\/\//);
    const identity = identityOf(alert);
    if ((seen.get(shown) ?? identity) !== identity) expect({ shown, identity }).toEqual(seen.get(shown));
    seen.set(shown, identity);
  }
}

it('distinguishes every line of the evidence', () => {
  expectDistinct(
    MATCH.map(line => {
      const document = JSON.parse(line);
      return alertOf(document._source ?? document);
    }),
  );
});

it('distinguishes the 24 locations, in English', () => {
  expect(new Set(RULE.locations.map(({ text }) => text.en.subject)).size).toBe(24);
  expectDistinct(LOCATION_ROWS.map(({ alert }) => alert()));
});

it('distinguishes 200 made-up writes with the same beginnings', () => {
  const long = 'C:\\Program Files\\Vendor\\Application\\';
  const name = fc.oneof(
    fc.constantFrom(
      'Updater',
      'updater',
      'Updater ',
      `${'U'.repeat(40)}a`,
      `${'U'.repeat(40)}b`,
      'a://b',
      '更新',
    ),
    fc
      .infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
      .map(stream => randomText(() => stream.next().value)),
  );
  const data = fc.oneof(
    fc.constantFrom(
      `${long}a.exe`,
      `${long}b.exe`,
      `"${long}a.exe" -x`,
      `rundll32.exe ${long}a.dll,Go`,
      'http://a.b/c',
      '\\\\srv\\a',
    ),
    name,
  );
  const write = fc.record({
    name,
    data,
    host: fc.oneof(fc.constantFrom('FIN-WS-042', `${'h'.repeat(50)}1`, `${'h'.repeat(50)}2`), name),
    at: fc.nat(23),
  });
  fc.assert(
    fc.property(fc.array(write, { minLength: 200, maxLength: 200 }), writes => {
      expectDistinct(
        writes.map(one => {
          const location = RULE.locations[one.at]!;
          const value = location.value === '*' ? one.name.replaceAll('\\', '/') : location.value;
          return alertOf(
            writeEvent(
              {
                hive: location.hive === 'machine' ? 'HKLM' : 'HKEY_USERS',
                key: keyOf(location),
                value,
                strings: [one.data],
              },
              { host: { name: one.host, os: { type: 'windows' } } },
            ),
          );
        }),
      );
    }),
    { seed: seed(), numRuns: 1 },
  );
});
