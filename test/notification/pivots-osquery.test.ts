import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { pivots } from '../../functions/alert/notification/queries/pivots.ts';
import { USER_SID } from './fixture.ts';
import { HOSTILE } from './hostile-texts.ts';
import { type Differences, pivotAlert } from './pivot-fixture.ts';

/** Tables with Osquery's columns. As there, `key` compares without case, `name` and `path` with it. */
function database(tables: {
  readonly [table: string]: readonly { readonly [column: string]: SQLInputValue }[];
}) {
  const db = new DatabaseSync(':memory:');
  db.exec(`
    CREATE TABLE dns_cache (name TEXT, type TEXT, flags INTEGER);
    CREATE TABLE services (name TEXT, service_type TEXT, display_name TEXT, status TEXT, pid INTEGER, start_type TEXT,
      win32_exit_code INTEGER, service_exit_code INTEGER, path TEXT, module_path TEXT, description TEXT, user_account TEXT);
    CREATE TABLE authenticode (path TEXT, original_program_name TEXT, serial_number TEXT, issuer_name TEXT,
      subject_name TEXT, result TEXT);
    CREATE TABLE hash (path TEXT, directory TEXT, md5 TEXT, sha1 TEXT, sha256 TEXT);
    CREATE TABLE registry (key TEXT COLLATE NOCASE, path TEXT, name TEXT, type TEXT, data TEXT, mtime BIGINT);
  `);
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      const marks = columns.map(() => '?').join(', ');
      db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`).run(...Object.values(row));
    }
  }
  return db;
}

const osquery = (differences: Differences): readonly string[] =>
  pivots(pivotAlert(differences), 'en').flatMap(({ language, text }) =>
    language === 'Osquery' && text !== null ? [text] : [],
  );

const RUN = `HKEY_USERS\\${USER_SID}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`;

describe('the row of the written value', () => {
  const rows = [
    { key: RUN, name: 'Updater', data: 'wanted', mtime: 1_795_488_411 },
    { key: RUN.toUpperCase(), name: 'UPDATER', data: 'wanted too', mtime: 0 },
    { key: RUN, name: 'Other', data: 'another value', mtime: 0 },
    { key: `${RUN}Once`, name: 'Updater', data: 'another key', mtime: 0 },
    { key: RUN.replace('1107', '1108'), name: 'Updater', data: 'another user', mtime: 0 },
  ];
  it('comes, in any spelling, and no other', () => {
    const query = osquery({}).at(-1);
    const found = database({ registry: rows }).prepare(query!).all();
    expect(found.map(row => row['data'])).toEqual(['wanted', 'wanted too']);
    expect(found[0]).toMatchObject({ key_changed_utc: '2026-11-24 02:46:51' });
  });
  it('comes for the machine under the whole name of its hive', () => {
    const key = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';
    const [query] = osquery({ registry: { root: 'machine', hive: 'HKLM', key } });
    const registry = [{ key: `HKEY_LOCAL_MACHINE\\${key}`, name: 'Updater', data: 'wanted' }];
    expect(database({ registry }).prepare(query!).all()).toHaveLength(1);
  });
  it('comes for the default value, which Osquery calls (Default)', () => {
    const query = osquery({ registry: { value: '' } }).at(-1);
    const registry = [{ key: RUN, name: '(Default)', data: 'wanted' }];
    expect(database({ registry }).prepare(query!).all()).toHaveLength(1);
  });
  it.each(HOSTILE.filter(text => text !== ''))('comes for a value and key called %j, and no other', text => {
    const query = osquery({ registry: { key: `${USER_SID}\\${text}`, value: text } }).at(-1);
    const key = `HKEY_USERS\\${USER_SID}\\${text}`;
    const registry = [
      { key, name: text, data: 'wanted' },
      { key, name: `${text}x`, data: 'other' },
      { key: `${key}x`, name: text, data: 'other' },
    ];
    const found = database({ registry }).prepare(query!).all();
    expect(found.map(row => row['data'])).toEqual(['wanted']);
  });
});

describe('the same value of other users', () => {
  const ask = (differences: Differences) => osquery(differences).find(text => text.includes(' LIKE '));
  it('comes for every user of the host, from this key alone', () => {
    const registry = [
      { key: RUN, name: 'Updater', data: 'mine' },
      { key: RUN.replace('1107', '1108'), name: 'UPDATER', data: 'theirs' },
      { key: `${RUN}Once`, name: 'Updater', data: 'another key' },
      { key: RUN, name: 'Other', data: 'another value' },
    ];
    const found = database({ registry }).prepare(ask({})!).all();
    expect(found.map(row => row['data'])).toEqual(['mine', 'theirs']);
  });
  it('is not asked for with a wildcard of the attacker, nor for the machine', () => {
    expect(ask({ registry: { key: `${USER_SID}\\100%\\Run` } })).toBeUndefined();
    expect(ask({ registry: { root: 'machine' } })).toBeUndefined();
  });
});

describe('the values of a service', () => {
  it('come with the value, and not those of another', () => {
    const key = 'SYSTEM\\ControlSet001\\Services\\Evil\\Parameters';
    const registry = { root: 'machine', hive: 'HKLM', key, value: 'ServiceDll' } as const;
    const [value, service] = osquery({ registry, facts: { service: 'Evil' } });
    const below = 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services';
    const db = database({
      registry: [
        { key: `${below}\\Evil\\Parameters`, name: 'ServiceDll', data: 'C:\\evil.dll' },
        { key: `${below}\\Evil`, name: 'ObjectName', data: 'LocalSystem' },
        { key: `${below}\\Evil`, name: 'DisplayName', data: 'x' },
        { key: `${below}\\Good`, name: 'ObjectName', data: 'LocalService' },
      ],
    });
    expect(
      db
        .prepare(value!)
        .all()
        .map(row => row['data']),
    ).toEqual(['C:\\evil.dll']);
    expect(
      db
        .prepare(service!)
        .all()
        .map(row => row['data']),
    ).toEqual(['LocalSystem']);
  });
});

const service = {
  service_type: 'OWN_PROCESS',
  status: 'RUNNING',
  module_path: '',
  user_account: 'LocalSystem',
};
const SERVICES = [
  { ...service, name: 'quoted', path: '"C:\\Program Files\\Acme\\a.exe" /svc' },
  { ...service, name: 'signed', path: 'C:\\Windows\\System32\\svchost.exe -k netsvcs' },
  {
    ...service,
    name: 'dll',
    path: 'C:\\Windows\\System32\\svchost.exe -k x',
    module_path: 'C:\\ProgramData\\e.dll',
  },
  { ...service, name: 'user', path: 'C:\\Tools\\t.exe -s', user_account: 'ACME\\svc-backup' },
  {
    ...service,
    name: 'virtual',
    path: 'C:\\Windows\\System32\\svchost.exe',
    user_account: 'NT SERVICE\\virtual',
  },
  {
    ...service,
    name: 'builtin',
    path: 'C:\\Windows\\System32\\svchost.exe',
    user_account: 'NT AUTHORITY\\LocalService',
  },
  {
    ...service,
    name: 'driver',
    service_type: 'KERNEL_DRIVER',
    path: '\\SystemRoot\\System32\\drivers\\d.sys',
    user_account: null,
  },
  { ...service, name: 'remote', path: '\\\\evil\\share\\r.exe' },
];
const SIGNED = ['C:\\Windows\\System32\\svchost.exe', 'C:\\Windows\\System32\\drivers\\d.sys'];
const UNSIGNED = [
  'C:\\Program Files\\Acme\\a.exe',
  'C:\\ProgramData\\e.dll',
  'C:\\Tools\\t.exe',
  '\\\\evil\\share\\r.exe',
];
const HOST = {
  dns_cache: [{ name: 'evil.example', type: 'A', flags: 0 }],
  services: SERVICES,
  authenticode: [
    ...SIGNED.map(path => ({ path, result: 'trusted' })),
    ...UNSIGNED.map(path => ({ path, result: 'missing' })),
  ],
  hash: [...SIGNED, ...UNSIGNED].map(path => ({ path, sha256: `of ${path}` })),
};

/** The blocks of a guide whose info string begins with `osquery`, by their label. */
function queriesOf(file: string): Map<string, string> {
  const blocks = readFileSync(file, 'utf8').matchAll(/^( *)```osquery +(.+)\n([\s\S]*?)\n\1```/gm);
  return new Map([...blocks].map(([, , label, text]) => [label!.trim(), text!]));
}

const FOLDER = 'rules/persistence-via-wmi-stdregprov';
const guides = readdirSync(FOLDER).filter(name => /^guide\..*\.md$/.test(name));

describe.each(guides)('the queries of %s', guide => {
  const queries = [...queriesOf(`${FOLDER}/${guide}`).values()];
  const db = database(HOST);
  const ask = (at: number) => db.prepare(queries[at]!).all();
  it('are four, and run', () => {
    expect(queries).toHaveLength(4);
    for (const query of queries) expect(db.prepare(query).all().length).toBeGreaterThan(0);
  });
  it('give the DNS cache and every service', () => {
    expect(ask(0)).toEqual([{ name: 'evil.example', type: 'A', flags: 0 }]);
    expect(ask(1).map(row => row['name'])).toEqual(SERVICES.map(({ name }) => name));
  });
  it('give the services on accounts of users, and no others', () => {
    expect(ask(2).map(row => row['name'])).toEqual(['user']);
  });
  it('give the unsigned programs with their own hash, and open none on another machine', () => {
    const found = Object.fromEntries(ask(3).map(row => [row['name'], row['VtLink']]));
    const link = 'https://www.virustotal.com/gui/file/of ';
    expect(found).toEqual({
      quoted: `${link}C:\\Program Files\\Acme\\a.exe`,
      dll: `${link}C:\\ProgramData\\e.dll`,
      user: `${link}C:\\Tools\\t.exe`,
      remote: null,
    });
  });
});
