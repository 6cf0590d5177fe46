import { escape as escapeHtml } from 'html-escaper';
import { type Block, type Section, type ShownQuery, whereQueryRuns } from '../alert/story.ts';
import type { Row } from '../alert/verdict.ts';
import { plainPiece, type Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';

/** What makes the ids of one article its own, so that several can stand in one page. */
export type Anchors = { readonly prefix: string; readonly words: Words };

export function sectionHtml({ name, heading, blocks }: Section, anchors: Anchors): string {
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
      return `<p>${htmlText(block.text, anchors)}</p>`;
    case 'list':
      return block.items.length === 0
        ? ''
        : `<ul>${block.items.map(item => `<li>${htmlText(item, anchors)}</li>`).join('')}</ul>`;
    case 'heading':
      return `<h3>${escapeHtml(block.text)}</h3>`;
    case 'step': {
      const number = block.number === '' ? '' : `<b class="number">${escapeHtml(block.number)}</b> `;
      return `<p class="step depth${depthOf(block.depth)}">${number}${htmlText(block.text, anchors)}</p>`;
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

export function rowsHtml(rows: readonly Row[], kind: string, anchors: Anchors): string {
  const items = rows.map(
    ({ label, text, more = [] }) =>
      `<div><dt>${escapeHtml(label)}</dt>${[text, ...more].map(line => `<dd>${htmlText(line, anchors)}</dd>`).join('')}</div>`,
  );
  return `<dl class="${kind}">${items.join('')}</dl>`;
}

function queryHtml(query: ShownQuery, depth: number, anchors: Anchors): string {
  const { prefix, words } = anchors;
  const { number, question, text, leftOut, link } = query;
  const id = question === null ? '' : ` id="${prefix}${number}"`;
  const title = `<b class="number">${number}</b> ${question === null ? '' : escapeHtml(question)}`;
  const open =
    link === null
      ? ''
      : ` <a rel="noreferrer noopener" href="${escapeHtml(link)}">${escapeHtml(words.label('query.open'))}</a>`;
  return [
    `<figure class="query depth${depthOf(depth)}"${id}>`,
    `<figcaption>${title}${text === null ? '' : `<small>${htmlText(whereQueryRuns(query, words), anchors)}${open}</small>`}</figcaption>`,
    leftOut === null ? '' : `<p class="left-out">${htmlText(leftOut, anchors)}</p>`,
    text === null ? '' : `<pre><code>${escapeHtml(text)}</code></pre>`,
    '</figure>',
  ].join('');
}

/** Data as the one encoding shows it, marked as data; literals of ours as code; prose escaped. */
export function htmlText(text: Text, { prefix }: Anchors): string {
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
