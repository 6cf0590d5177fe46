import { expect, it } from 'vitest';
import { wrap } from '../../functions/alert/notification/format/columns.ts';
import { htmlText } from '../../functions/alert/notification/format/html.ts';
import { chatText } from '../../functions/alert/notification/format/markdown.ts';
import { safeJson } from '../../functions/alert/notification/format/safe-json.ts';
import { renderAlert, renderReport } from '../../functions/alert/notification/index.ts';
import { en } from '../../functions/alert/notification/text/sentences.en.ts';
import { zhCn } from '../../functions/alert/notification/text/sentences.zh-cn.ts';
import { data, type Text } from '../../functions/alert/notification/text/text.ts';
import { decode, encode } from '../../functions/alert/notification/text/untrusted.ts';
import { wordsOf } from '../../functions/alert/notification/text/words.ts';
import { random, scale, seed } from '../scale.ts';
import { alertOf, OPTIONS, writeEvent } from './fixture.ts';
import { randomText } from './hostile-texts.ts';
import { readPage } from './html-reader.ts';
import { slackRender } from './slack-dialect.ts';

/** Longest that no carrier cuts. */
const MOST = 160;

const between = (text: string): Text => ['before ', data(text, MOST), ' after'];
const anchors = { prefix: 'x-', words: wordsOf('en') };

/** What a carrier makes of a text between two words of ours, taken apart again; `null` where it is not as it should be. */
const CARRIERS: { readonly [name: string]: (text: string) => string | null } = {
  email: text =>
    /^before[ \0](.*)[ \0]after$/su.exec(wrap(between(text), '', '').replaceAll('\n', '\0'))?.[1] ?? null,
  chat: text => {
    const [before, code, after, ...more] = slackRender(chatText(between(text)));
    if (text === '') return chatText(between(text)) === 'before  after' ? '' : null;
    const isRight = before?.kind === 'text' && code?.kind === 'code' && after?.kind === 'text';
    return isRight && more.length === 0 ? code.text : null;
  },
  report: text => {
    const { data: shown, elements } = readPage(htmlText(between(text), anchors));
    return elements.length === 1 ? (shown[0] ?? null) : null;
  },
  json: text => {
    const json = safeJson({ a: text });
    if (!/^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}<>&]*$/u.test(json)) return null;
    return encode((JSON.parse(json) as { a: string }).a, MOST);
  },
};

it('are distinct from data in every carrier, for any text', () => {
  const next = random(seed());
  const count = scale(1_000_000);
  for (let at = 0; at < count; at++) {
    const text = randomText(next);
    const wanted = encode(text, MOST);
    for (const [name, carrier] of Object.entries(CARRIERS)) {
      const shown = carrier(text);
      // An e-mail breaks lines at blanks and before backslashes; the blank is gone there, so both are compared without.
      const bare = (shownText: string | null): string | undefined => shownText?.replace(/[\0 ]/g, '');
      const isSame = name === 'email' ? bare(shown) === bare(wanted) : shown === wanted;
      const isWhole = /\[\+\d+\]$/.test(wanted) || decode(wanted) === text;
      if (!isSame || !isWhole || !shown?.isWellFormed()) expect({ name, text, shown, wanted }).toBeNull();
    }
  }
}, 3_600_000);

it('carry whole alerts of random texts', () => {
  const next = random(seed());
  const count = scale(20_000);
  for (let at = 0; at < count; at++) {
    const text = (): string => randomText(next).replaceAll('\\', '').slice(0, 200);
    const alert = alertOf(
      writeEvent(
        {
          key: `${text()}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run`,
          value: text(),
          type: text(),
          strings: Array.from({ length: 12 }, () => randomText(next)),
        },
        {
          host: { id: text(), name: text(), os: { type: 'windows' } },
          Effective_process: { entity_id: text(), executable: text(), name: text(), pid: text() },
        },
      ),
      {
        evidence: { key: text(), versionId: text() },
        neighbours: { count: 1, sample: [{ path: text(), value: text() }] },
        history: { otherHosts: [text()], otherHostsMore: true, hostAlerts: 1 },
      },
    );
    const locale = next() < 0.5 ? 'en' : 'zh-CN';
    const { subject, email, https, default: document } = renderAlert(alert, { ...OPTIONS, locale });
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(email.isWellFormed() && https.isWellFormed() && document.isWellFormed()).toBe(true);
    expect(email).toMatch(/^[^\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\0-\x09\x0b-\x1f\x7f-\x9f]*$/u);
    expect(JSON.parse(document).event).toEqual(JSON.parse(JSON.stringify(alert.event)));
    const { title, description, nextSteps } = JSON.parse(https).content;
    const shown = [title, description, ...nextSteps].flatMap(slackRender);
    expect(shown.filter(({ kind }) => kind === 'mention' || kind === 'link')).toEqual([]);
    const styled = shown.flatMap(piece =>
      piece.kind === 'text' && piece.styles.length > 0 ? [piece.text] : [],
    );
    expect(styled.filter(style => !STYLED.has(style))).toEqual([]);
    readPage(renderReport(alert, { ...OPTIONS, locale }));
  }
}, 3_600_000);

/** What we set in bold: labels, severities and levels. */
const STYLED = new Set(
  [en, zhCn].flatMap(table =>
    Object.entries(table).flatMap(([name, text]) => (/^(label|level|severity)\./.test(name) ? [text] : [])),
  ),
);
