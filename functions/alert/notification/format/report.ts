import { escape as escapeHtml } from 'html-escaper';
import type { Alert, Incident } from '../../detection/index.ts';
import type { Locale } from '../../ruleset/index.ts';
import { sectionsOf } from '../alert/alert-sections.ts';
import { type RenderContext, renderContextOf } from '../alert/render-context.ts';
import type { Row } from '../alert/section.ts';
import { subjectOf } from '../alert/subject-line.ts';
import { alsoWritten, writeText } from '../incident/also-written.ts';
import { incidentSubject } from '../incident/incident-subject.ts';
import type { Notice } from '../notice/notice.ts';
import { noticeSubject } from '../notice/notice-attributes.ts';
import { noticeStory } from '../notice/notice-story.ts';
import { noticeWordsOf } from '../notice/notice-words.ts';
import type { RenderOptions } from '../options.ts';
import { actOf } from '../queries/event-act.ts';
import { firstScreen, headlineOf } from '../screen/first-screen.ts';
import type { Text } from '../text/text.ts';
import { localesOf, type Words } from '../text/words.ts';
import { type Anchors, htmlText, rowsHtml, sectionHtml, sectionId } from './html.ts';
import { legendOf } from './legend.ts';
import { REPORT_STYLE } from './report-style.ts';

/** The alert as one self-contained page: no script, nothing loaded from elsewhere, printable. */
export function renderReport(alert: Alert, options: RenderOptions): string {
  const articles = localesOf(options.locale).map(locale => alertArticle(alert, locale, options));
  return page(subjectOf(alert, options), articles, options);
}

/** An incident as such a page: the beginning of its message, then every alert in full. */
export function renderIncidentReport({ id, alerts }: Incident, options: RenderOptions): string {
  const [first, ...others] = alerts;
  const incident = { id, others, continues: null };
  const articles = localesOf(options.locale).flatMap(locale => [
    incidentArticle(renderContextOf(first, locale, options, new Set(), incident)),
    ...alerts.map(alert => alertArticle(alert, locale, options, anchorOf(alert, locale))),
  ]);
  return page(incidentSubject(alerts, options), articles, options);
}

/** A notice as such a page. */
export function renderNoticeReport(notice: Notice, options: RenderOptions): string {
  const articles = localesOf(options.locale).map(locale => noticeArticle(notice, locale));
  return page(noticeSubject(notice), articles, options);
}

const anchorOf = (alert: Alert, locale: Locale): string => `${alert.id.slice(0, 12)}-${locale}`;

function incidentArticle(context: RenderContext): string {
  const { alert, incident, words } = context;
  const { headline, rows } = firstScreen(context);
  // References of its first screen point into the article of the first alert.
  const anchors = { prefix: `${anchorOf(alert, words.locale)}-`, words };
  const links = [alert, ...incident!.others].map(one => {
    const isWrite = actOf(one) === null;
    const text = htmlText(
      isWrite ? writeText(one, context) : headlineOf({ ...context, alert: one }),
      anchors,
    );
    const level = escapeHtml(words.label(`level.${one.assessment.level}`));
    return `<li><a href="#${anchorOf(one, words.locale)}">${level}</a> ${text}</li>`;
  });
  const { level } = alert.assessment;
  const badge = [words.label(`severity.${alert.rule.severity}`), words.label(`level.${level}`)].join(
    words.clause,
  );
  const screen = rows.filter(({ name }) => name !== 'report');
  return article(`${alert.rule.severity} ${level}`, badge, headline, screen, anchors, [
    ...alsoWritten(context).map(section => sectionHtml(section, anchors)),
    `<nav><h2>${escapeHtml(words.label('incident.alerts'))}</h2><ol>${links.join('')}</ol></nav>`,
  ]);
}

function alertArticle(alert: Alert, locale: Locale, options: RenderOptions, id?: string): string {
  const context = renderContextOf(alert, locale, options);
  const { words } = context;
  const { severity } = alert.rule;
  const { headline, rows } = firstScreen(context);
  const anchors = { prefix: `${alert.id.slice(0, 12)}-${locale}-`, words };
  const sections = sectionsOf(context);
  const contents = sections
    .map(({ name, heading }) => `<li><a href="#${sectionId(name, anchors)}">${escapeHtml(heading)}</a></li>`)
    .join('');
  const { level } = alert.assessment;
  const badge = [words.label(`severity.${severity}`), words.label(`level.${level}`)].join(words.clause);
  // The page itself is the report.
  const screen = rows.filter(({ name }) => name !== 'report');
  return article(
    `${severity} ${level}`,
    badge,
    headline,
    screen,
    anchors,
    [
      `<nav><details><summary>${escapeHtml(words.label('section.contents'))}</summary><ol>${contents}</ol></details></nav>`,
      ...sections.map(section => sectionHtml(section, anchors)),
    ],
    id,
  );
}

function noticeArticle(notice: Notice, locale: Locale): string {
  const noticeWords = noticeWordsOf(locale);
  const { headline, first, rows } = noticeStory(notice, noticeWords);
  const anchors = { prefix: `${notice.id.slice(0, 12)}-${locale}-`, words: noticeWords.words };
  const firstRow = { label: noticeWords.label('first'), text: first };
  return article('notice', noticeWords.label('notice'), headline, [firstRow], anchors, [
    sectionHtml(
      { name: 'what', heading: noticeWords.label('section.what'), blocks: [{ kind: 'rows', rows }] },
      anchors,
    ),
  ]);
}

function article(
  kind: string,
  badge: string,
  headline: Text,
  rows: readonly Row[],
  anchors: Anchors,
  parts: readonly string[],
  id?: string,
): string {
  const { words } = anchors;
  const body = [
    `<article lang="${words.locale}" class="${kind}"${id === undefined ? '' : ` id="${id}"`}>`,
    `<header><p class="badge">${escapeHtml(badge)}</p>`,
    `<h1>${htmlText(headline, anchors)}</h1>`,
    rowsHtml(rows, 'first', anchors),
    '</header>',
    ...parts,
  ].join('\n');
  return `${body}\n${legendHtml(body, words, anchors)}</article>`;
}

function legendHtml(body: string, words: Words, anchors: Anchors): string {
  const lines = legendOf(body, words).map(line => `<p>${htmlText(line, anchors)}</p>`);
  return lines.length === 0 ? '' : `<footer>${lines.join('')}</footer>\n`;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function page(title: string, articles: readonly string[], { locale }: RenderOptions): string {
  return [
    '<!doctype html>',
    `<html lang="${locale === 'both' ? 'en' : locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    ...articles,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
