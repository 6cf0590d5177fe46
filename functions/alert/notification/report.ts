import { escape as escapeHtml } from 'html-escaper';
import type { Alert } from '../detection/index.ts';
import { sectionsOf } from './alert-sections.ts';
import { legendOf } from './legend.ts';
import type { RenderOptions } from './options.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { Block, Section, ShownQuery } from './story.ts';
import { subjectOf } from './subject.ts';
import { type Telling, tellingOf } from './telling.ts';
import { plainPiece, type Text } from './text.ts';
import { type Row, verdictOf } from './verdict.ts';
import { localesOf, type Words } from './words.ts';

/** One page for several alerts, as the desk prints it. */
export function renderReports(alerts: readonly Alert[], options: RenderOptions): string {
  return page(
    alerts.length === 1 ? subjectOf(alerts[0]!) : `registry-alert: ${alerts.length} alerts`,
    alerts.flatMap((alert, at) => articles(alert, options, `a${at + 1}-`)),
    options,
  );
}

/** The alert as one self-contained page: no script, nothing loaded from elsewhere, fit to be printed. */
export function renderReport(alert: Alert, options: RenderOptions): string {
  return page(subjectOf(alert), articles(alert, options, ''), options);
}

function articles(alert: Alert, options: RenderOptions, prefix: string): readonly string[] {
  return localesOf(options.locale).map(locale => article(tellingOf(alert, locale, options), prefix));
}

function article(telling: Telling, prefix: string): string {
  const { alert, words } = telling;
  const { headline, rows } = verdictOf(telling);
  const anchors = { prefix: `${prefix}${words.locale}-`, words };
  const sections = sectionsOf(telling);
  const contents = sections
    .map(({ name, heading }) => `<li><a href="#${anchors.prefix}${name}">${escapeHtml(heading)}</a></li>`)
    .join('');
  const body = [
    `<article lang="${words.locale}" class="${alert.rule.severity}">`,
    `<header><p class="severity">${escapeHtml(words.label(`severity.${alert.rule.severity}`))}</p>`,
    `<h1>${html(headline, anchors)}</h1>`,
    rowsHtml(rows, 'first', anchors),
    '</header>',
    `<nav><ol>${contents}</ol></nav>`,
    ...sections.map(section => sectionHtml(section, anchors)),
  ].join('\n');
  const legend = legendOf(body, words).map(line => `<p>${html(line, anchors)}</p>`);
  return `${body}\n<footer>${legend.join('')}</footer>\n</article>`;
}

type Anchors = { readonly prefix: string; readonly words: Words };

function sectionHtml({ name, heading, blocks }: Section, anchors: Anchors): string {
  return [
    `<section id="${anchors.prefix}${name}">`,
    `<h2>${escapeHtml(heading)}</h2>`,
    ...blocks.map(block => blockHtml(block, anchors)),
    '</section>',
  ].join('\n');
}

function blockHtml(block: Block, anchors: Anchors): string {
  switch (block.kind) {
    case 'rows':
      return rowsHtml(block.rows, 'rows', anchors);
    case 'text':
      return `<p>${html(block.text, anchors)}</p>`;
    case 'list':
      return block.items.length === 0
        ? ''
        : `<ul>${block.items.map(item => `<li>${html(item, anchors)}</li>`).join('')}</ul>`;
    case 'heading':
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case 'step': {
      const number = block.number === '' ? '' : `<b class="number">${escapeHtml(block.number)}</b> `;
      return `<p class="step depth${depthOf(block.depth)}">${number}${html(block.text, anchors)}</p>`;
    }
    case 'query':
      return queryHtml(block.query, block.depth, anchors);
    case 'code':
      return `<pre class="depth${depthOf(block.depth)}"><code>${escapeHtml(block.text)}</code></pre>`;
    default:
      return block satisfies never;
  }
}

const depthOf = (depth: number): number => Math.min(Math.max(depth, 1), 6);

function rowsHtml(rows: readonly Row[], kind: string, anchors: Anchors): string {
  const items = rows.map(
    ({ label, text, more = [] }) =>
      `<div><dt>${escapeHtml(label)}</dt>${[text, ...more].map(line => `<dd>${html(line, anchors)}</dd>`).join('')}</div>`,
  );
  return `<dl class="${kind}">${items.join('')}</dl>`;
}

function queryHtml(query: ShownQuery, depth: number, anchors: Anchors): string {
  const { prefix, words } = anchors;
  const { number, question, language, index, range, text, leftOut, link } = query;
  const id = question === null ? '' : ` id="${prefix}${number}"`;
  const title = `<b class="number">${number}</b> ${question === null ? '' : escapeHtml(question)}`;
  const where =
    index === null ? escapeHtml(language) : html(words.say('query.in', { language, index }), anchors);
  const open =
    link === null
      ? ''
      : ` <a rel="noreferrer noopener" href="${escapeHtml(link)}">${escapeHtml(words.label('query.open'))}</a>`;
  return [
    `<figure class="query depth${depthOf(depth)}"${id}>`,
    `<figcaption>${title}${text === null ? '' : `<small>${where}; ${escapeHtml(range)}${open}</small>`}</figcaption>`,
    leftOut === null ? '' : `<p class="left-out">${html(leftOut, anchors)}</p>`,
    text === null ? '' : `<pre><code>${escapeHtml(text)}</code></pre>`,
    '</figure>',
  ].join('');
}

/** Data as the one encoding shows it, marked as data; literals of ours as code; prose escaped. */
function html(text: Text, { prefix }: Anchors): string {
  return text
    .map(piece => {
      const shown = escapeHtml(plainPiece(piece));
      if (typeof piece === 'string') return shown;
      if ('query' in piece) return `<a href="#${prefix}${shown}">${shown}</a>`;
      const short = shown.length <= SHORT ? ' short' : '';
      return 'data' in piece
        ? `<code class="data${short}" dir="ltr">${shown}</code>`
        : `<code class="literal${short}">${shown}</code>`;
    })
    .join('');
}

/** Not broken at its hyphens. */
const SHORT = 24;

function page(title: string, bodies: readonly string[], { locale }: RenderOptions): string {
  return [
    '<!doctype html>',
    `<html lang="${locale === 'both' ? 'en' : locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    ...bodies,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
