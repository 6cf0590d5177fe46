import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../functions/alert/eql/compile/compile.ts';
import { readField } from '../../functions/alert/logs/decoding/read-field.ts';
import type { Pivot, PivotLanguage, PivotName } from '../../functions/alert/notification/queries/pivots.ts';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import type { Locale } from '../../functions/alert/ruleset/index.ts';
import { USER_SID } from './fixture.ts';
import { HOSTILE } from './hostile-texts.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';
import { isKqlHit, readKql } from './query-readers/kql.ts';

/** The pivots of a name, in one language of queries when given. */
function ask(differences: Differences, name: PivotName, language?: PivotLanguage): readonly Pivot[] {
  return pivots(pivotAlert(differences), 'en').filter(
    pivot => pivot.name === name && (language === undefined || pivot.language === language),
  );
}

const HOST = '5f1c7d0a-3a52-4b0e-9a53-6e6b0a2f9b11';
const REQUESTER = 'cmVxdWVzdGVyLTYxMjA=';
const AT = '2026-11-24T03:00:00.000Z';
const base = { 'host.id': HOST, 'host.name': 'FIN-WS-042', '@timestamp': AT };
const change = { ...base, 'event.category': 'registry', 'event.type': 'change' };
const UP = 'C:\\Users\\Public\\up.exe';
const start = { ...base, 'event.category': ['process'], 'event.type': ['start', 'end'] };

type Document = { readonly [field: string]: string | readonly string[] };
type Row = readonly [document: Document, isHit: boolean];

/** Readers of the queries of an index: EQL is read by the engine of the rules. */
const READERS: { readonly [language in 'KQL' | 'EQL']: (text: string) => (document: Document) => boolean } = {
  KQL: text => {
    const query = readKql(text);
    return document => isKqlHit(query, document);
  },
  EQL: text => compileQuery(text, { readField }).matches,
};

/** Which documents the queries of a name find, in each language: each must be found by one of them, or by none. */
function check(
  differences: Differences,
  name: PivotName,
  rows: readonly Row[],
  languages: readonly (keyof typeof READERS)[] = ['KQL', 'EQL'],
): void {
  for (const language of languages) {
    const queries = ask(differences, name, language).flatMap(({ text }) =>
      text === null ? [] : [READERS[language](text)],
    );
    expect(language === 'EQL' || queries.length > 0).toBe(true);
    if (queries.length === 0) continue;
    for (const [document, isHit] of rows) {
      expect([language, document, queries.some(query => query(document))]).toEqual([
        language,
        document,
        isHit,
      ]);
    }
  }
}

describe('did it run', () => {
  it('finds the process by its file, whatever the case, on this host, from the event on', () => {
    check({}, 'did-it-run', [
      [{ ...start, 'process.executable': 'c:\\users\\PUBLIC\\up.exe' }, true],
      [{ ...start, 'process.executable': 'C:\\Users\\Public\\up.exe.bak' }, false],
      [{ ...start, 'process.executable': UP, 'host.id': 'another' }, false],
      [{ ...start, 'process.executable': UP, 'event.type': 'end' }, false],
      [{ ...start, 'process.executable': UP, '@timestamp': '2026-11-24T02:00:00.000Z' }, false],
      [{ ...start, 'process.executable': UP, '@timestamp': '2027-01-24T02:00:00.000Z' }, false],
    ]);
    check(
      {},
      'did-it-run',
      [[{ ...start, 'process.executable': UP, 'event.category': 'file' }, false]],
      ['EQL'],
    );
  });

  const dll = { location: { payload: 'dll' }, facts: { program: null } } as const;
  const load = { ...base, 'event.category': 'library' };
  it('looks for the load of a DLL', () => {
    check({ ...dll, registry: { data: ['C:\\ProgramData\\evil.dll'] } }, 'did-it-run', [
      [{ ...load, 'dll.path': 'C:\\ProgramData\\evil.dll' }, true],
      [{ ...load, 'dll.name': 'evil.dll' }, false],
    ]);
  });
  it('looks for the load of a DLL by its name when the path has variables', () => {
    check({ ...dll, registry: { data: ['%APPDATA%\\evil.dll'] } }, 'did-it-run', [
      [{ ...load, 'dll.name': 'evil.dll' }, true],
      [{ ...load, 'dll.name': 'other.dll' }, false],
    ]);
  });
  it('looks for the load of a driver', () => {
    const differences = {
      location: { payload: 'service-program' },
      facts: { program: null },
      registry: { data: ['\\SystemRoot\\System32\\drivers\\evil.sys'] },
    } as const;
    check(differences, 'did-it-run', [
      [{ ...load, 'dll.path': 'C:\\Windows\\System32\\drivers\\evil.sys' }, true],
    ]);
  });
  it('reads both forms of a RunOnceEx entry', () => {
    const location = { payload: 'runonceex' } as const;
    const facts = { program: null };
    check({ location, facts, registry: { data: ['C:\\T\\evil.dll|Run|a'] } }, 'did-it-run', [
      [{ ...load, 'dll.path': 'C:\\T\\evil.dll' }, true],
    ]);
    check({ location, facts, registry: { data: ['||C:\\T\\evil.exe a|b'] } }, 'did-it-run', [
      [{ ...start, 'process.executable': 'C:\\T\\evil.exe' }, true],
    ]);
  });
  it('looks for each program of a shell but Explorer', () => {
    const differences = {
      location: { payload: 'shell' },
      facts: { program: null },
      registry: { data: ['explorer.exe, C:\\T\\evil.exe'] },
    } as const;
    check(differences, 'did-it-run', [
      [{ ...start, 'process.executable': 'C:\\T\\evil.exe' }, true],
      [{ ...start, 'process.name': 'explorer.exe' }, false],
    ]);
  });
  it('looks for a script among the arguments', () => {
    const registry = { data: ['C:\\T\\evil.vbs'] };
    check(
      { location: { payload: 'script' }, registry, facts: { program: 'C:\\T\\evil.vbs' } },
      'did-it-run',
      [
        [
          { ...start, 'process.name': 'wscript.exe', 'process.args': ['wscript.exe', 'C:\\T\\evil.vbs'] },
          true,
        ],
      ],
    );
  });
  it('looks for each program of a chain of commands', () => {
    const registry = { data: ['C:\\T\\evil.exe -q & "C:\\T t\\b.exe" | exit'] };
    check({ registry, location: { payload: 'cmd-line' } }, 'did-it-run', [
      [{ ...start, 'process.executable': 'C:\\T\\evil.exe' }, true],
      [{ ...start, 'process.executable': 'C:\\T t\\b.exe' }, true],
    ]);
    expect(ask({ registry, location: { payload: 'cmd-line' } }, 'hash')).toMatchObject([{ text: null }]);
  });
  it('looks for the name where the path has variables', () => {
    check({ registry: { data: ['"%TEMP%\\evil.exe" -s'] }, facts: { program: null } }, 'did-it-run', [
      [{ ...start, 'process.name': 'EVIL.exe' }, true],
    ]);
  });
  it('looks for each string of a REG_MULTI_SZ', () => {
    const registry = { type: 'REG_MULTI_SZ', data: ['C:\\a.exe 1', 'C:\\b.exe 2'] };
    check({ registry, facts: { program: null } }, 'did-it-run', [
      [{ ...start, 'process.executable': 'C:\\b.exe' }, true],
      [{ ...start, 'process.executable': 'C:\\c.exe' }, false],
    ]);
  });
  it('compares a text with wildcards exactly in EQL, where they have no escape', () => {
    const registry = { data: ['cmd /c dir *.exe'] };
    const [query] = ask({ registry, facts: { program: null } }, 'did-it-run', 'EQL');
    expect(query?.text).toContain('?process.args == "*.exe"');
  });
  it('asks an Endgame index without its missing fields', () => {
    const ofEndgame = pivots(pivotAlert({ event: { 'event.module': 'endgame' } }), 'en');
    expect(ofEndgame.filter(({ language, text }) => language === 'EQL' && text !== null)).toHaveLength(5);
    const [query] = ask({ event: { event: { module: 'endgame' } } }, 'did-it-run', 'KQL');
    expect(query).toMatchObject({ index: 'endgame-*' });
    expect(query?.text).not.toContain('caseless');
  });
});

describe('who asked', () => {
  const child = { ...start, 'process.parent.entity_id': REQUESTER };
  it('is asked by the requester', () => {
    check({}, 'tree', [
      [child, true],
      [{ ...start, 'process.Ext.ancestry': ['x', REQUESTER] }, true],
      [{ ...start, 'process.entity_id': 'd21pLTMxMjA=' }, false],
    ]);
    expect(ask({}, 'tree').map(({ language }) => language)).toEqual(['KQL', 'EQL', 'ES|QL']);
  });
  it('is asked by the network events and the other writes of the requester', () => {
    const by = { ...base, 'process.entity_id': REQUESTER };
    check({}, 'network', [
      [{ ...by, 'event.category': 'network' }, true],
      [{ ...by, 'event.category': 'dns' }, true],
    ]);
    check({}, 'network', [[{ ...by, 'event.category': 'file' }, false]], ['EQL']);
    check({}, 'registry-writes', [
      [{ ...change, 'Effective_process.entity_id': REQUESTER }, true],
      [{ ...change, 'process.entity_id': REQUESTER }, false],
    ]);
  });
  const absent = { kind: 'absent', name: null, executable: null, pid: null, entityId: null } as const;
  it('is asked by the provider host when the event names no requester, and says so', () => {
    check({ facts: { requester: absent } }, 'registry-writes', [
      [{ ...change, 'process.entity_id': 'd21pLTMxMjA=' }, true],
      [{ ...change, 'Effective_process.entity_id': 'd21pLTMxMjA=' }, false],
    ]);
    for (const name of ['tree', 'network', 'registry-writes'] as const) {
      expect(ask({ facts: { requester: absent } }, name)[0]?.question).toContain('names no initiator');
    }
  });
});

describe('where else', () => {
  const write = { ...change, 'host.id': 'another', 'registry.data.strings': 'C:\\Users\\Public\\up.exe -s' };
  it('finds the same data on another host under any name, never on this one', () => {
    check({}, 'prevalence', [
      [{ ...write, 'registry.value': 'Updater' }, true],
      [{ ...write, 'registry.value': 'Updater', 'host.id': HOST }, false],
      [{ ...write, 'registry.value': 'Updater', 'registry.data.strings': 'x' }, false],
    ]);
    check({}, 'prevalence', [[{ ...write, 'registry.value': 'Other' }, true]], ['KQL']);
  });
  it('falls back to the name when the data cannot be written', () => {
    const registry = { data: ['A'.repeat(32_768)] };
    check({ registry }, 'prevalence', [[{ ...write, 'registry.value': 'Updater' }, true]]);
    const isLeftOut = ask({ registry }, 'prevalence').map(({ leftOut }) => leftOut !== null);
    expect(isLeftOut).toEqual([true, true, true, false, false]);
  });
  it('needs every string of a REG_MULTI_SZ', () => {
    const registry = { data: ['a', 'b'] };
    check({ registry }, 'prevalence', [
      [{ ...write, 'registry.value': 'Updater', 'registry.data.strings': ['a', 'b'] }, true],
      [{ ...write, 'registry.value': 'Updater', 'registry.data.strings': ['a'] }, false],
    ]);
  });
  it('works without a host', () => {
    const facts = { hostId: null, hostName: null };
    check({ facts }, 'prevalence', [[{ ...write, 'registry.value': 'Updater' }, true]]);
  });
});

describe('other alerts', () => {
  it('are those of the host or the user', () => {
    check({}, 'alerts-48h', [
      [
        { ...base, 'host.id': 'another', 'user.id': USER_SID, '@timestamp': '2026-11-23T00:00:00.000Z' },
        true,
      ],
      [{ ...base, '@timestamp': '2026-11-21T00:00:00.000Z' }, false],
    ]);
  });
  it('are not those of a service account, which every machine has', () => {
    const owner = { kind: 'system', sid: 'S-1-5-18' } as const;
    check({ facts: { owner } }, 'alerts-48h', [
      [{ ...base, 'host.id': 'another', 'user.id': 'S-1-5-18' }, false],
    ]);
  });
});

describe('what was there before', () => {
  it('is an earlier write of the same path, and not this event', () => {
    const path = pivotAlert().facts.registry.path;
    const write = { ...base, 'registry.path': path, 'event.type': 'change' };
    check({}, 'previous-value', [
      [{ ...write, '@timestamp': '2026-11-23T00:00:00.000Z' }, true],
      [{ ...write, '@timestamp': '2026-11-24T02:46:51.283Z' }, false],
    ]);
  });
});

describe('the file', () => {
  it('is looked for where it came from', () => {
    const file = {
      ...base,
      'file.path': 'C:\\USERS\\Public\\up.exe',
      '@timestamp': '2026-11-01T00:00:00.000Z',
    };
    check({}, 'file-origin', [[file, true]]);
  });
});

describe('a remote call', () => {
  it('is looked for in three places', () => {
    const at = { ...base, '@timestamp': '2026-11-24T02:44:00.000Z' };
    check({}, 'remote', [
      [{ ...at, 'event.provider': 'Microsoft-Windows-WMI-Activity' }, true],
      [{ ...at, 'event.action': 'connection_accepted', 'destination.port': '135' }, true],
      [{ ...at, 'event.action': 'connection_accepted', 'destination.port': '443' }, false],
      [{ ...at, 'event.code': '4624', 'winlog.logon.type': 'Network' }, true],
    ]);
  });
});

describe('the time range', () => {
  it('is in the query, beside it, and in words', () => {
    const [query] = ask({}, 'tree', 'KQL');
    expect(query?.range).toEqual({ from: '2026-11-17T02:46:51.283Z', to: '2026-11-25T02:46:51.283Z' });
    expect(query?.rangeInWords).toBe(
      '2026-11-17 02:46:51 UTC to 2026-11-25 02:46:51 UTC (from 7 days before the event, to 24 hours after it)',
    );
    const chinese = pivots(pivotAlert(), 'zh-CN').find(({ name }) => name === 'tree');
    expect(chinese?.rangeInWords).toBe(
      '2026-11-17 02:46:51 UTC 至 2026-11-25 02:46:51 UTC（从事件前 7 天到其后 24 小时）',
    );
  });
  it.each([
    ['did-it-run', '(from the event, to 30 days after it)', '（从事件发生时到其后 30 天）'],
    ['previous-value', '(from 90 days before the event, to it)', '（从事件前 90 天到该时刻）'],
    [
      'remote',
      '(from 5 minutes before the event, to 5 minutes after it)',
      '（从事件前 5 分钟到其后 5 分钟）',
    ],
    [
      'registry-writes',
      '(from 1 hour before the event, to 1 hour after it)',
      '（从事件前 1 小时到其后 1 小时）',
    ],
  ])('of %s is %s', (name, english, chinese) => {
    const words = (locale: Locale) =>
      pivots(pivotAlert(), locale).find(one => one.name === name)?.rangeInWords;
    expect(words('en')).toContain(english);
    expect(words('zh-CN')).toContain(chinese);
  });
  it.each([
    ['no time', null],
    ['a time that no format can write', 8.64e15],
    ['a time before there were any', -62_135_596_800_000],
  ])('is counted from the upload when the event has %s', (_, timestampMs) => {
    const [query] = ask({ facts: { timestampMs } }, 'tree', 'KQL');
    expect(query?.range?.to).toBe('2026-11-25T02:48:10.000Z');
    expect(query?.rangeInWords).toContain('the upload, since the event has no usable time');
  });
  it('is in every query on an index', () => {
    for (const { index, range, text, leftOut, name } of pivots(pivotAlert(), 'en')) {
      if (index === null) continue;
      expect([name, leftOut]).toEqual([name, null]);
      expect(text).toContain(range!.from);
      expect(text).toContain(range!.to);
    }
  });
});

describe('a query is left out', () => {
  const nobody = { kind: 'absent', name: null, executable: null, pid: null, entityId: null } as const;
  const rows: readonly (readonly [PivotName, PivotLanguage, Differences, string])[] = [
    ['tree', 'KQL', { facts: { requester: nobody, writer: nobody } }, 'no entity id'],
    ['tree', 'ES|QL', { event: { 'event.module': 'endgame' } }, 'refuses fields'],
    ['network', 'KQL', { facts: { hostId: null, hostName: null } }, 'names no host'],
    ['remote', 'KQL', { facts: { hostId: 'a\0b' } }, 'NUL'],
    ['did-it-run', 'KQL', { facts: { isCommand: false }, registry: { data: ['1'] } }, 'not a command'],
    ['did-it-run', 'EQL', { registry: { data: [] }, facts: { program: null } }, 'no data'],
    ['did-it-run', 'KQL', { registry: { data: ['x\ud800'] }, facts: { program: null } }, 'surrogate'],
    ['did-it-run', 'KQL', { registry: { data: ['x'.repeat(1025)] }, facts: { program: null } }, '1,024'],
    ['file-origin', 'KQL', { registry: { data: ['%a%'] } }, 'not certain'],
    ['prevalence', 'ES|QL', { registry: { data: [] } }, 'no data'],
    ['previous-value', 'KQL', { registry: { path: '' } }, 'no registry path'],
    [
      'previous-value',
      'KQL',
      { facts: { timestampMs: null }, evidence: { lastModified: null } },
      'usable time',
    ],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'machine', sid: null } } }, 'to the machine'],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'system', sid: '.DEFAULT' } } }, 'well-known'],
    ['who-is-sid', 'PowerShell', { facts: { owner: { kind: 'mounted', sid: USER_SID } } }, 'mounted by hand'],
    [
      'who-is-sid',
      'PowerShell',
      { facts: { owner: { kind: 'user', sid: "S-1-5-21' ; calc" } } },
      'mounted by hand',
    ],
    ['hash', 'PowerShell', { facts: { isRemote: true } }, 'network or device path'],
    ['hash', 'PowerShell', { facts: { isCommand: false } }, 'not a command'],
    ['hash', 'PowerShell', { facts: { program: null } }, 'not certain'],
    ['still-there', 'PowerShell', { registry: { root: 'other' } }, 'neither HKLM nor HKEY_USERS'],
    ['still-there', 'Osquery', { registry: { certain: false } }, 'not certain'],
    ['evidence', 'AWS CLI', { evidence: { bucket: null } }, 'local file'],
    ['evidence', 'AWS CLI', { evidence: { versionId: null, etag: null } }, 'neither version nor ETag'],
    ['evidence', 'AWS CLI', { evidence: { key: 'file:///etc/passwd' } }, 'address'],
  ];
  it.each(rows)('%s in %s, %j, saying %j', (name, language, differences, words) => {
    const [query] = ask(differences, name, language);
    expect(query).toMatchObject({ text: null, leftOut: expect.stringContaining(words) });
    expect(query).not.toHaveProperty('link');
  });
});

describe('evidence', () => {
  const command = (evidence: Differences['evidence']) => ask({ evidence: evidence! }, 'evidence')[0];
  it('is fetched by version', () => {
    expect(command({})?.text).toBe(
      'aws s3api get-object --bucket="acme-endpoint-logs" --key="2026/11/24/registry-0248.ndjson.gz" --version-id="3HL4kqtJlcpXroDTDmJ" registry-alert-6f1d0c000000.object',
    );
  });
  it('is fetched only if unchanged where there are no versions', () => {
    expect(command({ versionId: 'null' })?.text).toContain('--if-match="9b2cf535f27731c974343645a3985328"');
  });
  it('says that a key with quotes needs bash', () => {
    expect(command({ key: "it's é" })).toMatchObject({
      text: expect.stringContaining("--key=$'it\\'s \\xc3\\xa9'"),
      question: expect.stringContaining('bash or zsh'),
    });
  });
});

describe('both languages', () => {
  it('say the same about the same queries, each in its own words', () => {
    const english = pivots(pivotAlert(), 'en');
    const chinese = pivots(pivotAlert(), 'zh-CN');
    expect(chinese.map(({ text }) => text)).toEqual(english.map(({ text }) => text));
    for (const [at, { question, rangeInWords }] of chinese.entries()) {
      expect(question).toMatch(/\p{Script=Han}/u);
      expect(rangeInWords).toMatch(/\p{Script=Han}/u);
      expect(english[at]!.question).not.toMatch(/\p{Script=Han}/u);
    }
  });
});

describe('a hostile text in EQL', () => {
  it.each(HOSTILE.filter(text => text.trim() !== ''))('finds itself and nothing else: %j', text => {
    const differences = { registry: { value: text, data: [text] }, facts: { hostId: text, program: text } };
    const write = { ...change, 'registry.value': text, 'registry.data.strings': text };
    check(
      differences,
      'prevalence',
      [
        [{ ...write, 'host.id': 'another' }, true],
        [{ ...write, 'host.id': text }, false],
        [{ ...write, 'host.id': 'another', 'registry.value': `${text}x` }, false],
        [{ ...write, 'host.id': 'another', 'registry.data.strings': `x${text}` }, false],
      ],
      ['EQL'],
    );
  });
});
