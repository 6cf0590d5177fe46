import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import { renderContextOf } from '../../functions/alert/notification/alert/render-context.ts';
import { verdictOf } from '../../functions/alert/notification/alert/verdict.ts';
import { plain } from '../../functions/alert/notification/format/columns.ts';
import { renderAlert } from '../../functions/alert/notification/index.ts';
import { alertOf, OPTIONS, RUN_KEY, USER_SID, type Write, writeEvent } from './fixture.ts';

const SOFTWARE = 'Software\\Microsoft\\Windows\\CurrentVersion';

type Row = {
  readonly what: string;
  readonly write: Write;
  readonly more?: JsonObject;
  readonly kind: string;
  /** What the verdict says, and what it must not say. */
  readonly says: RegExp;
  readonly never?: RegExp;
};

const run = (owner: string, value = 'v'): Write => ({ key: `${owner}\\${RUN_KEY}`, value });

const ROWS: readonly Row[] = [
  {
    what: 'a user',
    write: run(USER_SID),
    kind: 'runs',
    says: new RegExp(`at each logon of ${USER_SID} \\(`),
  },
  {
    what: 'the built-in Administrator',
    write: run('S-1-5-21-1-2-3-500'),
    kind: 'runs',
    says: /built-in Administrator/,
  },
  { what: 'a user of Entra ID', write: run('S-1-12-1-1-2-3-4'), kind: 'runs', says: /a user of Entra ID/ },
  {
    what: 'LocalSystem, which nobody logs on to',
    write: run('S-1-5-18'),
    kind: 'written',
    says: /no known effect: LocalSystem \(S-1-5-18\) has no interactive logon/,
    never: /at each logon/,
  },
  {
    what: '.DEFAULT',
    write: run('.DEFAULT'),
    kind: 'written',
    says: /LocalSystem \(\.DEFAULT\) has no interactive/,
  },
  { what: 'LocalService', write: run('S-1-5-19'), kind: 'written', says: /LocalService/ },
  { what: 'NetworkService', write: run('S-1-5-20'), kind: 'written', says: /NetworkService/ },
  {
    what: 'a service account',
    write: run('S-1-5-80-1-2-3'),
    kind: 'written',
    says: /the service account S-1-5-80-1-2-3 has no/,
  },
  {
    what: 'cmd.exe of LocalSystem, which needs no logon',
    write: { key: '.DEFAULT\\Software\\Microsoft\\Command Processor', value: 'Autorun' },
    kind: 'runs',
    says: /at every start of cmd\.exe/,
    never: /logon/,
  },
  {
    what: 'a hive mounted by hand',
    write: run('offline'),
    kind: 'may-run',
    says: /if it becomes a user's own hive: at each logon of whoever owns the hive mounted as offline/,
    never: /that user/,
  },
  {
    what: 'the file associations of a user',
    write: run(`${USER_SID}_Classes`),
    kind: 'written',
    says: /no known effect: this hive holds the file associations/,
  },
  {
    what: 'a key below the documented one',
    write: { key: `${USER_SID}\\${RUN_KEY}\\deeper`, value: 'v' },
    kind: 'may-run',
    says: /not at the documented key, Software\\Microsoft\\Windows\\CurrentVersion\\Run, so whether Windows acts on it is not known/,
  },
  {
    what: 'a ServiceDll beside its documented place',
    write: { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x', value: 'ServiceDll' },
    kind: 'may-load',
    says: /not at the documented key/,
  },
  {
    what: 'a service',
    write: { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x', value: 'ImagePath' },
    kind: 'runs',
    says: /next start of the service x.*account of the service, which the event does not name/,
    never: /LocalSystem/,
  },
  {
    what: 'a DLL of a service',
    write: { hive: 'HKLM', key: 'SYSTEM\\ControlSet001\\Services\\x\\Parameters', value: 'ServiceDll' },
    kind: 'loads',
    says: /loaded by svchost\.exe/,
  },
  {
    what: 'a number',
    write: {
      hive: 'HKLM',
      key: `${SOFTWARE}\\RunOnceEx`,
      value: 'Flags',
      type: 'REG_DWORD',
      strings: ['128'],
    },
    kind: 'written',
    says: /a number: a setting, not a command/,
    never: /runs|logon/,
  },
  {
    what: 'an empty value',
    write: { ...run(USER_SID), strings: ['', ' '] },
    kind: 'written',
    says: /nothing in it that could run/,
  },
  {
    what: 'a browser button of LocalSystem, which nobody clicks as',
    write: { key: 'S-1-5-18\\Software\\Microsoft\\Internet Explorer\\Extensions\\{1}', value: 'Exec' },
    kind: 'written',
    says: /has no interactive logon/,
  },
  ...['Logoff', 'Logon', 'Shutdown', 'Startup'].map(
    (script): Row => ({
      what: `${script} scripts`,
      write: {
        key: `${USER_SID}\\Software\\Policies\\Microsoft\\Windows\\System\\Scripts\\${script}`,
        value: 'Script',
      },
      kind: 'written',
      says: /no known effect/,
      never: /at each|next logon/,
    }),
  ),
  {
    what: 'a value below Winlogon\\Shell',
    write: {
      key: `${USER_SID}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Shell`,
      value: 'v',
    },
    kind: 'written',
    says: /no known effect/,
  },
  {
    what: 'RunOnceEx of a user',
    write: { key: `${USER_SID}\\${SOFTWARE}\\RunOnceEx\\0001`, value: '1' },
    kind: 'may-run',
    says: /documents RunOnceEx only for the machine/,
  },
  {
    what: 'the language bar',
    write: { key: `${USER_SID}\\Software\\Microsoft\\Ctf\\LangBarAddin\\{1}`, value: 'FilePath' },
    kind: 'may-load',
    says: /if the value Enable beside it is 1/,
  },
];

describe('what Windows will do', () => {
  it.each(ROWS)('is said truly of $what', ({ write, more, kind, says, never }) => {
    const context = renderContextOf(alertOf(writeEvent(write, more)), 'en', OPTIONS);
    const { effect } = verdictOf(context);
    expect(effect.kind).toBe(kind);
    expect(plain(effect.text)).toMatch(says);
    if (never) expect(plain(effect.text)).not.toMatch(never);
    const chinese = verdictOf(renderContextOf(context.alert, 'zh-CN', OPTIONS)).effect;
    expect(chinese.kind).toBe(kind);
    expect(plain(chinese.text)).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('an attacker who chooses a path that also fits a harmless place', () => {
  const alert = alertOf(
    writeEvent({
      key: `${USER_SID}\\${RUN_KEY}\\Software\\Policies\\Microsoft\\Windows\\System\\Scripts\\Logon`,
      value: 'Script',
    }),
  );
  const { email } = renderAlert(alert, OPTIONS);

  it('does not hide the one that runs', () => {
    expect(alert.locations.map(({ number }) => number)).toEqual([2, 19]);
    expect(email).toMatch(/^May run/m);
    expect(email.replace(/\s+/g, ' ')).toContain(
      'The path also fits location 19, a Script value directly below',
    );
    expect(email).not.toContain('no known effect');
  });
});

describe('who asked', () => {
  const requester = (name: string): JsonObject => ({
    Effective_process: { entity_id: 'e', executable: `C:\\Windows\\System32\\${name}`, name, pid: 812 },
  });

  it.each(['svchost.exe', 'wsmprovhost.exe', 'winrshost.exe', 'WmiPrvSE.exe', 'dllhost.exe', 'services.exe'])(
    'may be another machine behind %s, and that question comes first',
    name => {
      const { email } = renderAlert(alertOf(writeEvent(run(USER_SID), requester(name))), OPTIONS);
      const flat = email.replace(/\s+/g, ' ');
      expect(flat).toContain(`Asked through ${name}, pid 812; the caller may be another machine or program`);
      expect(email.slice(0, email.indexOf('\n\n'))).not.toContain('on this host');
      expect(flat).toMatch(/FIRST QUESTIONS, IN THIS ORDER Q1 Was it remote\?/);
      expect(flat).toMatch(/ask whether another machine was behind it \(Q1, Q2, Q3\)/);
    },
  );

  it('is not known without a requester', () => {
    const { Effective_process: _, ...document } = writeEvent(run(USER_SID));
    const { email } = renderAlert(alertOf(document), OPTIONS);
    expect(email).toMatch(/^Asked by {2}not in this event; may be another machine$/m);
    expect(email).toMatch(/ORDER\n {2}Q1 {2}Was it remote\?/);
  });

  it('is a process on this host when it is named', () => {
    const { email } = renderAlert(alertOf(writeEvent(run(USER_SID))), OPTIONS);
    expect(email).toMatch(/^Asked by {2}wmic\.exe, pid 6120, on this host$/m);
    expect(email).toMatch(/ORDER\n {2}Q1 {2}Did it run\?/);
  });
});

describe('what is not in the event', () => {
  const alert = alertOf(writeEvent(run(USER_SID)));

  it('is not claimed: the signature is not shown as that of the program', () => {
    const { email, https } = renderAlert(alert, OPTIONS);
    for (const body of [email, https])
      expect(body).not.toMatch(/Microsoft Windows|[Ss]ignature: ?(trusted|valid)/);
    expect(email.replace(/\s+/g, ' ')).toContain(
      'Neither hash nor signature of the program is in the event. Q8 gets both.',
    );
  });

  it('has a reason where no query gets it', () => {
    const remote = alertOf(writeEvent({ ...run(USER_SID), strings: ['\\\\evil.example\\s\\a.exe'] }));
    const flat = renderAlert(remote, OPTIONS).email.replace(/\s+/g, ' ');
    expect(flat).toMatch(/in the event, and (Q\d+) says why no query gets them/);
    expect(flat).not.toContain('Get-FileHash -LiteralPath');
  });
});
