import { escape as escapeHtml } from 'html-escaper';
import type { Block, Row, Section, ShownQuery } from '../alert/section.ts';
import { plainPiece, type Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';

/** Prefix that makes the ids of one article unique, so that several can be in one page. */
export type Anchors = { readonly prefix: string; readonly words: Words };

export function sectionHtml({ name, heading, blocks }: Section, anchors: Anchors): string {
  return [
    `<section id="${sectionId(name, anchors)}">`,
    `<h2>${escapeHtml(heading)}</h2>`,
    ...blocks.map(block => blockHtml(block, anchors)),
    '</section>',
  ].join('\n');
}

/** A separate kind: a query may have the name of a section. */
export const sectionId = (name: string, { prefix }: Anchors): string => `${prefix}section-${name}`;

function blockHtml(block: Block, anchors: Anchors): string {
  switch (block.kind) {
    case 'rows':
      return rowsHtml(block.rows, 'rows', anchors);
    case 'text':
      return `<p>${htmlText(block.text, anchors)}</p>`;
    case 'list':
      return block.items.length === 0
        ? ''
        : `<ul>${block.items.map(item => `<li>${htmlText(item, anchors)}</li>`).join('')}</ul>`;
    case 'heading':
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case 'step': {
      const number = block.number === '' ? '' : `<b class="number">${escapeHtml(block.number)}</b> `;
      return `<p class="step depth${Math.min(Math.max(block.depth, 1), 6)}">${number}${htmlText(block.text, anchors)}</p>`;
    }
    case 'question': {
      const title = `<b>${block.name}</b> ${htmlText(block.sentence, anchors)}`;
      return figure(block.name, title, block.query, anchors);
    }
    case 'query':
      return figure(
        block.id,
        block.title === null ? '' : htmlText(block.title, anchors),
        block.query,
        anchors,
      );
    case 'code':
      return copied(block.text);
    default:
      return block satisfies never;
  }
}

export function rowsHtml(rows: readonly Row[], kind: string, anchors: Anchors): string {
  const items = rows.map(
    ({ label, text, more = [] }) =>
      `<div><dt>${escapeHtml(label)}</dt>${[text, ...more].map(line => `<dd>${htmlText(line, anchors)}</dd>`).join('')}</div>`,
  );
  return `<dl class="${kind}">${items.join('')}</dl>`;
}

function figure(id: string | null, title: string, query: ShownQuery | null, anchors: Anchors): string {
  return [
    `<figure class="query"${id === null ? '' : ` id="${anchors.prefix}${id}"`}>`,
    `<figcaption>${title}${query === null ? '' : placeHtml(query, anchors)}</figcaption>`,
    query === null ? '' : copied(query.text),
    '</figure>',
  ].join('');
}

/** Language, index and time range, and the link. */
function placeHtml({ language, index, window, link }: ShownQuery, anchors: Anchors): string {
  const { label, say, clause } = anchors.words;
  const place = [...(index === null ? [language] : say('query.in', { language, index })), clause, window];
  const open = link === null ? '' : ` ${anchorHtml(link, label('query.open'))}`;
  return `<small>${htmlText(place, anchors)}${open}</small>`;
}

/** One click selects all of it. */
const copied = (text: string): string => `<pre><code class="copy">${escapeHtml(text)}</code></pre>`;

const anchorHtml = (address: string, label: string): string =>
  `<a rel="noreferrer noopener" href="${escapeHtml(address)}">${escapeHtml(label)}</a>`;

/** Data encoded and marked as data; our own literals as code; prose escaped. */
export function htmlText(text: Text, { prefix, words }: Anchors): string {
  return text
    .map(piece => {
      const shown = escapeHtml(plainPiece(piece));
      if (typeof piece === 'string') return shown;
      if ('query' in piece) return `<a href="#${prefix}${piece.anchor ?? piece.query}">${shown}</a>`;
      if ('link' in piece) return anchorHtml(piece.link, piece.label ?? words.label('link.console'));
      const short = shown.length <= SHORT ? ' short' : '';
      return 'data' in piece
        ? `<code class="data${short}" dir="ltr">${shown}</code>`
        : `<code class="literal${short}">${shown}</code>`;
    })
    .join('');
}

/** Not broken at its hyphens. */
const SHORT = 24;
