import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CUTS } from '../../functions/alert/notification/alert/render-context.ts';

// G…, I…, F… and R… number the steps of the rule's guide (rules/persistence-via-wmi-stdregprov/guide.en.md).

/** What a stranger who has the e-mail and nothing else must be able to answer; CONTRIBUTING.md has the list for people. */
const QUESTIONS = [
  'which host',
  'what runs',
  'when',
  'as whom',
  'who initiated it',
  'what to do first',
  'how to know whether it ran',
  'how to undo it',
  'where the evidence is',
] as const;

type Answers = { readonly [question in (typeof QUESTIONS)[number]]: RegExp };

/** The answers in a recorded e-mail, which `golden.test.ts` holds to what is rendered. */
const ANSWERS: { readonly [locale in 'en' | 'zh-CN']: Answers } = {
  en: {
    'which host': /^FIN-WS-042\.corp\.acme\.com: a Run key of one user was written through WMI\. /,
    'what runs': / Runs rundll32\.exe a\.dll, DllMain /,
    when: / at each logon of CORP\\alice \(S-1-5-21-/,
    'as whom': /, as that user /,
    'who initiated it': / Initiated by not recorded; possibly remote/,
    'what to do first':
      / Do first If this was not planned: preserve the evidence \(THERE below\), then isolate FIN-WS-042/,
    'how to know whether it ran': / RAN Has it run\? .*? host\.id : "5f1c7d0a/,
    'how to undo it':
      / RESPOND .*? R08 .*?\$k\.DeleteValue\('wmipers'\).*? # undo: .*?\$k\.SetValue\('wmipers'/,
    'where the evidence is':
      / EVIDENCE object s3:\/\/acme-endpoint-logs\/\S+ version 3HL\S+ record 18,204, .*? aws s3api get-object /,
  },
  'zh-CN': {
    'which host': /^FIN-WS-042\.corp\.acme\.com：某个用户的注册表 Run 项经 WMI 被写入。/,
    'what runs': /。运行 rundll32\.exe a\.dll, DllMain /,
    when: /CORP\\alice（S-1-5-21-\S+）每次登录时/,
    'as whom': /，以该用户身份/,
    'who initiated it': /发起进程未记录，可能为远程发起/,
    'what to do first': /首要处置如非计划内变更：先保全证据（见下方 THERE），再隔离 FIN-WS-042/,
    'how to know whether it ran': / RAN 是否已经运行？.*? host\.id : "5f1c7d0a/,
    'how to undo it':
      /【响应处置】.*? R08 .*?\$k\.DeleteValue\('wmipers'\).*?# undo: .*?\$k\.SetValue\('wmipers'/,
    'where the evidence is':
      /【证据】对象 s3:\/\/acme-endpoint-logs\/\S+ 版本 3HL\S+ 记录第 18,204 条.*? aws s3api get-object /,
  },
};

/** The recorded e-mail without its line breaks. */
function mail(locale: 'en' | 'zh-CN'): string {
  const text = readFileSync(`test/golden/rundll32-by-wmi.${locale}.txt`, 'utf8');
  const body = text.slice(text.indexOf('\n\n') + 2);
  const joined =
    locale === 'en' ? body : body.replace(/(?<=[^\x20-\x7e])\s+(?=[^\x20-\x7e]|- )/g, '').replace(/\n/g, ' ');
  return joined.replace(/\s+/g, ' ');
}

it.each(QUESTIONS)('a reader new to the project learns from the e-mail %s', question => {
  for (const locale of ['en', 'zh-CN'] as const) expect(mail(locale)).toMatch(ANSWERS[locale][question]);
});

describe('the page for people', () => {
  const page = readFileSync('docs/alert.md', 'utf8');

  it('has the same list where a message is changed', () => {
    const list = readFileSync('CONTRIBUTING.md', 'utf8').split('\n## Change a message\n')[1]!;
    const asked = QUESTIONS.map((question, at) => new RegExp(`^${at + 1}\\. ${question}\\b`, 'm'));
    for (const question of asked) expect(list).toMatch(question);
  });

  it('shows the beginning of the recorded e-mail', () => {
    const shown = /```text\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(shown.length).toBeGreaterThan(500);
    expect(readFileSync('test/golden/rundll32-by-wmi.en.txt', 'utf8').startsWith(shown)).toBe(true);
  });

  it('has the order of cutting', () => {
    const names = Array.from(page.matchAll(/^\| `([a-z]+)` \| [^|]+ \|$/gm), match => match[1]);
    expect(names).toEqual(['alerts', ...CUTS]);
  });
});
