import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CUTS } from '../../functions/alert/notification/alert/render-context.ts';

/** What a stranger who has the e-mail and nothing else must be able to answer; CONTRIBUTING.md has the list for people. */
const QUESTIONS = [
  'which host',
  'what runs',
  'when',
  'as whom',
  'who asked',
  'what first',
  'how to know whether it ran',
  'how to undo it',
  'where the evidence is',
] as const;

type Answers = { readonly [question in (typeof QUESTIONS)[number]]: RegExp };

/** The answers as they stand in three recorded e-mails, which `golden.test.ts` holds to what is rendered. */
const ANSWERS: readonly (readonly [name: string, en: Answers, zh: Answers])[] = [
  [
    'user-run-key',
    {
      'which host': /^FIN-WS-042: a Run key of one user was written through WMI\. /,
      'what runs': / Runs C:\\Users\\Public\\up\.exe -s /,
      when: / at each logon of S-1-5-21-3623811015-3361044348-30300820-1107 /,
      'as whom': / \(as the owner of that hive, started by Explorer\) /,
      'who asked': / Asked by wmic\.exe, pid 6120, on this host /,
      'what first':
        / First if nobody planned this, save this alert and the value \(Q13 reads it\) to the case, then decide on isolating FIN-WS-042 /,
      'how to know whether it ran': / Q1 Did it run\? .*? KQL in \S+; .*? host\.id : "5f1c7d0a/,
      'how to undo it':
        / To undo the write - Unless it belongs .*? Q18 Remove the value.*? \$k\.DeleteValue\('Updater'\).*? # undo: .*?\$k\.SetValue\('Updater'/,
      'where the evidence is':
        / EVIDENCE object s3:\/\/acme-endpoint-logs\/\S+ version 3HL\S+ record 18,204, .*? aws s3api get-object /,
    },
    {
      'which host': /^FIN-WS-042：某个用户的注册表 Run 项经 WMI 被写入。/,
      'what runs': /。运行 C:\\Users\\Public\\up\.exe -s /,
      when: / S-1-5-21-3623811015-3361044348-30300820-1107 每次登录时/,
      'as whom': /（以该配置单元所有者的身份，由 Explorer 启动）/,
      'who asked': /请求者 wmic\.exe，pid 6120，在本机/,
      'what first': /先做若无人计划此事，先把本告警和该值（用 Q13 读取）存入案件，再决定是否隔离 FIN-WS-042/,
      'how to know whether it ran': / Q1 是否已经运行？.*?KQL，.*? host\.id : "5f1c7d0a/,
      'how to undo it':
        /还原此次写入.*? Q18 删除该值.*?\$k\.DeleteValue\('Updater'\).*?# undo: .*?\$k\.SetValue\('Updater'/,
      'where the evidence is':
        /【证据】对象 s3:\/\/acme-endpoint-logs\/\S+ 版本 3HL\S+ 记录第 18,204 条.*? aws s3api get-object /,
    },
  ],
  [
    'service-image-path',
    {
      'which host': /^FIN-WS-042: the program of a service or driver was written through WMI\. /,
      'what runs': / Runs %ProgramData%\\print helper\\svc\.exe -k netsvcs /,
      when: / at the next start of the service PrintHelper; its value Start, not in the event, says when/,
      'as whom': / \(as the account of the service, which the event does not name\) /,
      'who asked': / Asked by powershell\.exe, pid 9044, on this host /,
      'what first': / First if nobody planned this, save this alert and the value \(Q\d+ reads it\)/,
      'how to know whether it ran': / Q1 Did it run\? .*? host\.id : /,
      'how to undo it':
        / To undo the write - Never delete ImagePath.*?Set it back to the program of the vendor.*? Q\d+ Windows needs a value here, so it is not deleted/,
      'where the evidence is': / EVIDENCE object s3:\/\/.*? aws s3api get-object /,
    },
    {
      'which host': /^FIN-WS-042：某个服务或驱动程序的程序路径经 WMI 被写入。/,
      'what runs': /。运行 %ProgramData%\\print helper\\svc\.exe -k netsvcs /,
      when: /服务 PrintHelper 下次启动时；何时启动取决于 Start 值（事件中不含）/,
      'as whom': /（以该服务的帐户身份，事件中不含该帐户）/,
      'who asked': /请求者 powershell\.exe，pid 9044，在本机/,
      'what first': /先做若无人计划此事，先把本告警和该值（用 Q\d+ 读取）存入案件/,
      'how to know whether it ran': / Q1 是否已经运行？.*? host\.id : /,
      'how to undo it':
        /还原此次写入- 切勿删除 ImagePath.*?改回厂商的程序路径.*?Q\d+ Windows 在此处需要一个值/,
      'where the evidence is': /【证据】对象 s3:\/\/.*? aws s3api get-object /,
    },
  ],
  [
    'endgame-no-requester',
    {
      'which host': /^FIN-WS-042: the RunOnce key of the machine was written through WMI\. /,
      'what runs': / Runs C:\\Windows\\Temp\\setup\.exe /,
      when: / once, at the next logon of a member of Administrators /,
      'as whom': / \(as the administrator who logs on\) /,
      'who asked': / Asked by not in this event; may be another machine /,
      'what first':
        / First save this alert and the value to the case, ask whether another machine was behind it \(Q1, Q2, Q3\), then decide/,
      'how to know whether it ran': / Q\d+ Did it run\? .*? host\.id : /,
      'how to undo it':
        / To undo the write - The value is absent by default: removing it restores the default\..*? Q\d+ Remove the value.*?No query: /,
      'where the evidence is': / EVIDENCE object s3:\/\/.*? aws s3api get-object /,
    },
    {
      'which host': /^FIN-WS-042：本机的注册表 RunOnce 项经 WMI 被写入。/,
      'what runs': /。运行 C:\\Windows\\Temp\\setup\.exe /,
      when: /一次，在 Administrators 组成员下次登录时/,
      'as whom': /（以登录的管理员身份）/,
      'who asked': /请求者本事件中没有；可能是另一台计算机/,
      'what first': /先做把本告警和该值存入案件，查明背后是否另有计算机（Q1、Q2、Q3），再决定/,
      'how to know whether it ran': / Q\d+ 是否已经运行？.*? host\.id : /,
      'how to undo it': /还原此次写入- 该值默认不存在，删除即为还原。.*?Q\d+ 删除该值.*?没有查询：/,
      'where the evidence is': /【证据】对象 s3:\/\/.*? aws s3api get-object /,
    },
  ],
];

/** The recorded e-mail without its line breaks. */
function mail(name: string, locale: 'en' | 'zh-CN'): string {
  const text = readFileSync(`test/golden/${name}/${locale}/email.txt`, 'utf8');
  const body = text.slice(text.indexOf('\n\n') + 2);
  const joined =
    locale === 'en' ? body : body.replace(/(?<=[^\x20-\x7e])\s+(?=[^\x20-\x7e]|- )/g, '').replace(/\n/g, ' ');
  return joined.replace(/\s+/g, ' ');
}

describe.each(ANSWERS)('a stranger with the e-mail of %s', (name, en, zh) => {
  it.each(QUESTIONS)('can tell %s', question => {
    expect(mail(name, 'en')).toMatch(en[question]);
    expect(mail(name, 'zh-CN')).toMatch(zh[question]);
  });
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
    expect(readFileSync('test/golden/user-run-key/en/email.txt', 'utf8').startsWith(shown)).toBe(true);
  });

  it('has the order of cutting', () => {
    const names = Array.from(page.matchAll(/^\| `([a-z]+)` \| [^|]+ \|$/gm), match => match[1]);
    expect(names).toEqual([...CUTS]);
  });
});
