import { describe, expect, it } from 'vitest';
import { widthOf } from '../../functions/alert/notification/format/columns.ts';
import {
  type Message,
  renderAlert,
  renderNotice,
  renderNoticeReport,
  renderReport,
} from '../../functions/alert/notification/index.ts';
import { CASES } from './cases.ts';
import { OPTIONS } from './fixture.ts';
import { expectGolden, readable, removeStale } from './golden.ts';
import { readPage } from './html-reader.ts';
import { LOCATION_ROWS } from './location-rows.ts';
import { KINDS, NOTICES } from './notices.ts';

const LOCALES = ['en', 'zh-CN'] as const;
const SETTINGS = {
  ...OPTIONS,
  region: 'eu-central-1',
  timeZone: 'Asia/Shanghai',
  kibanaUrl: 'https://kibana.acme.example/s/soc',
} as const;

describe.each(LOCALES)('in %s', locale => {
  const options = { ...SETTINGS, locale };

  it.each(['rundll32-by-wmi', 'encoded-powershell', 'service-image-path', 'multi-sz-unc'])(
    'the alert %s is as recorded',
    name => {
      const message = renderAlert(CASES[name]!(), options);
      expectGolden(`${name}.${locale}.txt`, mailOf(message));
      expectGolden(`${name}.${locale}.json`, readable(message.https));
      expectNarrow(message.email);
    },
  );

  it('one report is as recorded', () => {
    expectGolden(`report.${locale}.html`, renderReport(CASES['rundll32-by-wmi']!(), options));
  });

  it('the mail has at its end what would be in the report, where there is none', () => {
    const message = renderAlert(CASES['encoded-powershell']!(), { ...options, archiveBucket: undefined });
    const [screen, ...sections] = message.email.split('\n\n');
    expect(screen).not.toMatch(/^(Report|报告)/m);
    const more = Number(/^ +(?:and|另有) (\d+)/m.exec(screen!)![1]);
    expect(sections[6]!.match(/^ .{0,14}\+ /gm)!.length).toBe(screen!.match(/^ .{0,14}\+ /gm)!.length + more);
    const headings = sections.map(section => section.split('\n')[0]);
    expect(headings.slice(6, 10)).toEqual(
      locale === 'en'
        ? ['ALL FACTS OF THE EVENT', 'WHY IT MATCHED', 'ALL QUERIES, IN EVERY QUERY LANGUAGE', headings[9]]
        : ['【事件详情】', '【命中原因】', '【全部查询（各查询语言）】', headings[9]],
    );
  });

  it('the first screen at each of the 24 locations is as recorded', () => {
    const rows = LOCATION_ROWS.map(({ number, alert }) => {
      const message = renderAlert(alert(), { ...OPTIONS, archiveBucket: undefined, locale });
      return `${number}\n${mailOf(message).split('\n\n').slice(0, 2).join('\n')}\n`;
    });
    expect(rows).toHaveLength(24);
    expectGolden(`locations.${locale}.txt`, rows.join('\n'));
  });

  it('every notice is as recorded', () => {
    const rows = NOTICES.map(({ name, notice }) => {
      const message = renderNotice(notice, options);
      expectNarrow(message.email);
      expect(readPage(renderNoticeReport(notice, options)).elements.length).toBeGreaterThan(10);
      const { content } = JSON.parse(message.https);
      return `=== ${name}\n${mailOf(message)}\n--- chat\n${[content.title, content.description, ...content.nextSteps].join('\n')}\n`;
    });
    expectGolden(`notices.${locale}.txt`, rows.join('\n'));
  });
});

it('has a notice of every kind', () => {
  expect(new Set(NOTICES.map(({ notice }) => notice.kind))).toEqual(new Set(Object.keys(KINDS)));
});

it('has no file that nothing records', () => {
  removeStale();
});

const mailOf = ({ subject, email }: Message): string => `Subject: ${subject}\n\n${email}`;

/** A line beyond 78 columns is to be copied, and so indented by four; or one word, which cannot be broken. */
function expectNarrow(email: string): void {
  const wide = email.split('\n').filter(line => {
    const longest = Math.max(...line.trim().split(' ').map(widthOf));
    return widthOf(line) > 78 && !line.startsWith('    ') && widthOf(line) - longest > 14;
  });
  expect(wide).toEqual([]);
}
