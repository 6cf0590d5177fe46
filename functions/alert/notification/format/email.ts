import { sectionsOf } from '../alert/alert-sections.ts';
import type { RenderContext } from '../alert/render-context.ts';
import { type Block, type Section, type ShownQuery, whereQueryRuns } from '../alert/story.ts';
import { type Row, verdictOf } from '../alert/verdict.ts';
import type { Words } from '../text/words.ts';
import { padTo, WIDTH, widthOf, wrap } from './columns.ts';
import { legendOf } from './legend.ts';

/** The alert as plain text in one language. */
export function emailOf(context: RenderContext): string {
  const { headline, rows } = verdictOf(context);
  const sections = sectionsOf(context).filter(section => section.reportOnly !== true);
  return emailText(
    [wrap(headline, '', '  '), rowLines(rows, '', 10), ...cutLines(context)],
    sections,
    context.words,
  );
}

function cutLines({ cuts, options, words }: RenderContext): readonly string[] {
  if (cuts.size === 0) return [];
  const names = [...cuts].map(cut => words.label(`cut.${cut}`)).join(words.comma);
  const text = words.say(options.archiveBucket === undefined ? 'cut.nowhere' : 'cut', { names });
  return ['', wrap(text, '', '')];
}

/** First lines, then sections. When data was encoded, the last lines say how to read it. */
export function emailText(first: readonly string[], sections: readonly Section[], words: Words): string {
  const body = sections.map(({ heading, blocks }) =>
    [headingLine(heading, words), ...blocks.map(block => blockLines(block, words))]
      .filter(lines => lines !== '')
      .join('\n'),
  );
  const text = [first.join('\n'), ...body].join('\n\n');
  const legend = legendOf(text, words).map(line => `${wrap(line, '', '')}\n`);
  return `${text}\n${legend.length === 0 ? '' : `\n${legend.join('')}`}`;
}

/** Between the languages of one e-mail. */
export const BETWEEN_LANGUAGES = `\n${'-'.repeat(WIDTH)}\n\n`;

const headingLine = (heading: string, { locale }: Words): string =>
  locale === 'en' ? heading.toUpperCase() : `【${heading}】`;

function blockLines(block: Block, words: Words): string {
  switch (block.kind) {
    case 'rows':
      return rowLines(block.rows, '  ');
    case 'text':
      return wrap(block.text, '  ', '  ');
    case 'list':
      return block.items.map(item => wrap(item, '  - ', '    ')).join('\n');
    case 'heading':
      return `  ${block.text}`;
    case 'step': {
      const indent = ' '.repeat(2 * Math.max(1, block.depth));
      const first = block.number === '' ? `${indent}- ` : `${indent}${padTo(block.number, 4)} `;
      return wrap(block.text, first, ' '.repeat(first.length));
    }
    case 'query':
      return queryLines(block.query, ' '.repeat(2 * Math.max(1, block.depth)), words);
    case 'code':
      return indented(block.text, ' '.repeat(2 * Math.max(1, block.depth) + 2));
    default:
      return block satisfies never;
  }
}

/** Labels and what stands behind them, in two columns. */
export function rowLines(rows: readonly Row[], indent: string, least = 0): string {
  const width = Math.max(least, ...rows.map(({ label }) => widthOf(label) + 2));
  const rest = indent + ' '.repeat(width);
  return rows
    .flatMap(({ label, text, more = [] }) => [
      wrap(text, indent + padTo(label, width), rest),
      ...more.map(line => wrap(line, rest, rest)),
    ])
    .join('\n');
}

function queryLines(query: ShownQuery, indent: string, words: Words): string {
  const { number, question, text, leftOut, link } = query;
  const place = whereQueryRuns(query, words);
  const inner = `${indent}    `;
  const first = `${indent}${padTo(number, 3)} `;
  const lines =
    question === null
      ? [wrap(place, first, inner)]
      : [wrap([question], first, inner), ...(text === null ? [] : [wrap(place, inner, inner)])];
  if (leftOut !== null) lines.push(wrap(leftOut, inner, inner));
  if (text !== null) lines.push(indented(text, inner));
  if (link !== null) lines.push(inner + link);
  return lines.join('\n');
}

const indented = (text: string, indent: string): string =>
  text
    .split('\n')
    .map(line => indent + line)
    .join('\n');
