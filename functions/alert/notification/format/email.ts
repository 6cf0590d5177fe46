import { sectionsOf } from '../alert/alert-sections.ts';
import type { RenderContext } from '../alert/render-context.ts';
import type { Block, Section, ShownQuery } from '../alert/section.ts';
import { firstScreen } from '../screen/first-screen.ts';
import type { Text } from '../text/text.ts';
import type { Words } from '../text/words.ts';
import { packed, padTo, rowLines, WIDTH, wrap } from './columns.ts';
import { legendOf } from './legend.ts';

/**
 * The alert as plain text in one language: for a repeat only the first screen. Without an archive, it ends with what is
 * otherwise only in the report.
 */
export function emailOf(context: RenderContext, subject: string): string {
  const { alert, words } = context;
  if (alert.repeated !== undefined)
    return emailText([firstScreen(context, false).text, ...cutLines(context)], [], words, subject);
  const hasReport = context.options.archiveBucket !== undefined;
  const sections = sectionsOf(context).filter(section => !(hasReport && section.reportOnly));
  return emailText(
    [firstScreen(context).text, ...cutLines(context)],
    [...sections.filter(section => !section.reportOnly), ...sections.filter(section => section.reportOnly)],
    words,
    subject,
  );
}

function cutLines({ cuts, options, words }: RenderContext): readonly string[] {
  if (cuts.size === 0) return [];
  const names = [...cuts].map(cut => words.label(`cut.${cut}`)).join(words.comma);
  const text = words.say(options.archiveBucket === undefined ? 'cut.nowhere' : 'cut', { names });
  return ['', wrap(text, '', '')];
}

/** First lines, then sections. If data was encoded, the last lines explain how to read it. */
export function emailText(
  first: readonly string[],
  sections: readonly Section[],
  words: Words,
  subject = '',
): string {
  const body = sections.map(({ heading, blocks }) =>
    [headingLine(heading, words), ...blocks.map(block => blockLines(block, words))]
      .filter(lines => lines !== '')
      .join('\n'),
  );
  const text = [first.join('\n'), ...body].join('\n\n');
  const legend = legendOf(text, words, subject).map(line => `${wrap(line, '', '')}\n`);
  return `${text}\n${legend.length === 0 ? '' : `\n${legend.join('')}`}`;
}

/** Between the languages of one e-mail. */
export const BETWEEN_LANGUAGES = `\n${'-'.repeat(WIDTH)}\n\n`;

const headingLine = (heading: string, { locale }: Words): string =>
  locale === 'en' ? heading.replace(/^[^(]+/, words => words.toUpperCase()) : `【${heading}】`;

const INDENT = '    ';

function blockLines(block: Block, words: Words): string {
  switch (block.kind) {
    case 'rows':
      return rowLines(block.rows, '  ');
    case 'text':
      return wrap(block.text, '  ', '  ');
    case 'list':
      return block.items.map(item => wrap(item, '  - ', INDENT)).join('\n');
    case 'heading':
      return wrap([block.text], '  ', '  ');
    case 'step': {
      // The number shows the nesting.
      const first =
        block.number === '' ? `${' '.repeat(2 * Math.max(1, block.depth))}- ` : `  ${block.number} `;
      return wrap(block.text, first, block.number === '' ? ' '.repeat(first.length) : INDENT);
    }
    case 'question': {
      const place = block.query === null ? [] : queryScope(block.query, words);
      const title = wrap([...block.sentence, ...place], `  ${padTo(block.name, 7)}`, ' '.repeat(9));
      return [title, ...(block.query === null ? [] : [queryLines(block.query)])].join('\n');
    }
    case 'query': {
      const place = block.title === null ? [] : queryScope(block.query, words);
      const title = block.title === null ? [] : [wrap([...block.title, ...place], '  ', INDENT)];
      return [...title, indented(block.query.text)].join('\n');
    }
    case 'code':
      return indented(block.isPacked ? packed(block.text) : block.text);
    default:
      return block satisfies never;
  }
}

const queryLines = ({ text, link }: ShownQuery): string =>
  [indented(text), ...(link === null ? [] : [INDENT + link])].join('\n');

/** ` (KQL, logs-endpoint.events.process-*)` */
function queryScope({ language, index }: ShownQuery, { say, gap }: Words): Text {
  return [
    gap,
    ...(index === null ? say('query.language', { language }) : say('query.place', { language, index })),
  ];
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map(line => INDENT + line)
    .join('\n');
