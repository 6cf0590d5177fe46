import { type Problems, quote, type Source } from '../problem.ts';

/** A placeholder in the text of a query stands for one whole literal, quotes included, in the query's language. */
export type GuideQuery = {
  readonly language: string;
  readonly label: string;
  readonly text: string;
  /** An investigate button: groups of which an event may match any, and a time range in date math around the event. */
  readonly investigate?: { readonly groups: readonly string[]; readonly from: string; readonly to: string };
};

/** A block of Markdown as used in guides, with the offset of its first letter. */
export type Block = { readonly at: number } & BlockBody;

type BlockBody =
  | { readonly kind: 'blank' }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'item'; readonly depth: number; readonly text: string }
  | { readonly kind: 'query'; readonly query: GuideQuery }
  | { readonly kind: 'text'; readonly text: string };

/** Languages that a query of a guide may be in. */
const QUERY_LANGUAGES: readonly string[] = ['osquery', 'kql', 'eql', 'esql', 'powershell'];

type Fence = {
  readonly at: number;
  readonly indent: number;
  readonly info: string;
  readonly lines: string[];
};

/** Splits the text of a guide into its blocks, line by line. */
export function guideBlocks(source: Source, problems: Problems): Block[] {
  const blocks: Block[] = [];
  let fence: Fence | undefined;
  let start = 0;
  for (const raw of source.text.split('\n')) {
    const line = raw.replace(/\r$/, '');
    const indent = line.length - line.trimStart().length;
    const at = start + indent;
    start += raw.length + 1;
    if (fence === undefined) {
      if (line.startsWith('```', indent))
        fence = { at, indent, info: line.slice(indent + 3).trim(), lines: [] };
      else blocks.push({ at, ...blockOf(source, at, line, problems) });
    } else if (line.trim() === '```') {
      blocks.push({ at: fence.at, kind: 'query', query: queryOf(source, fence, problems) });
      fence = undefined;
    } else fence.lines.push(line.slice(Math.min(fence.indent, indent)));
  }
  if (fence) problems.at(source, fence.at, 'GuideSyntax', 'the query is not closed by ```');
  return blocks;
}

function queryOf(source: Source, { at, info, lines }: Fence, problems: Problems): GuideQuery {
  const [language = '', ...label] = info.split(' ');
  if (!QUERY_LANGUAGES.includes(language)) {
    const known = QUERY_LANGUAGES.join(', ');
    problems.at(source, at, 'GuideSyntax', `a query is in one of ${known}; got ${quote(language)}`);
  }
  if (label.length === 0) problems.at(source, at, 'GuideSyntax', 'a query needs a label: ```osquery Label');
  if (lines.join('').trim() === '') problems.at(source, at, 'GuideSyntax', 'the query is empty');
  return { language, label: label.join(' '), text: lines.join('\n') };
}

function blockOf(source: Source, at: number, line: string, problems: Problems): BlockBody {
  const [, marks, heading] = /^(#+) (.*)$/.exec(line) ?? [];
  if (marks !== undefined && heading !== undefined) {
    if (marks.length > 2) problems.at(source, at, 'GuideSyntax', 'a heading of a guide has one # or two');
    return { kind: 'heading', level: marks.length, text: heading };
  }
  const [, indent, item] = /^( *)- (.*)$/.exec(line) ?? [];
  if (indent !== undefined && item !== undefined) {
    if (indent.length % 2 !== 0) {
      problems.at(source, at, 'GuideSyntax', 'indent a step by two spaces for each level');
    }
    return { kind: 'item', depth: Math.floor(indent.length / 2) + 1, text: item };
  }
  return line.trim() === '' ? { kind: 'blank' } : { kind: 'text', text: line.trim() };
}
