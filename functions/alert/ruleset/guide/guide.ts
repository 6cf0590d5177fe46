import { type Problems, quote, type Source, unknownName } from '../problem.ts';
import { type Block, type GuideQuery, guideBlocks } from './guide-blocks.ts';
import { checkPlaceholdersOf, type IsKnownField } from './placeholders.ts';

export type { GuideQuery } from './guide-blocks.ts';

/**
 * A triage guide read from Markdown. Every paragraph and step ends with its number as a comment, `<!-- I01a -->`,
 * so that both languages and the rule's own list of steps can be compared. Queries are fenced blocks whose
 * info string is `osquery` and the label.
 */
export type Guide = { readonly sections: readonly GuideSection[] };

export type GuideSection = {
  readonly number: string;
  readonly heading: string;
  /** 1 or 2, the number of `#`. */
  readonly level: number;
  readonly steps: readonly GuideStep[];
};

export type GuideStep = {
  /** `I01a`; empty in the guide of a rule from elsewhere. */
  readonly number: string;
  /** 0: a paragraph; 1 and more: a list item at that depth. */
  readonly depth: number;
  /** Inline text with `{{placeholders}}`; no other markup than `code` spans. */
  readonly text: string;
  readonly query?: GuideQuery;
};

type DraftStep = {
  readonly at: number;
  readonly depth: number;
  readonly lines: string[];
  query?: GuideQuery;
};
type DraftSection = { readonly heading: Block & { kind: 'heading' }; readonly steps: DraftStep[] };

/** Reads a guide of our own, strictly: anything unknown is refused, so that nothing is lost. */
export function readGuide(source: Source, problems: Problems, isKnownField: IsKnownField): Guide {
  checkPlaceholdersOf(source, problems, isKnownField);
  const guide = {
    sections: draftsOf(source, problems).map(({ heading, steps }) => ({
      ...cutNumber(source, heading.at, heading.text, problems, 'heading'),
      level: heading.level,
      steps: steps.map(step => finish(source, step, problems)),
    })),
  };
  checkOnce(source, guide, problems);
  return guide;
}

function draftsOf(source: Source, problems: Problems): DraftSection[] {
  const sections: DraftSection[] = [];
  let open: DraftStep | undefined;
  for (const block of guideBlocks(source, problems)) {
    const section = sections.at(-1);
    if (block.kind === 'heading') {
      sections.push({ heading: block, steps: [] });
      open = undefined;
    } else if (block.kind === 'blank') {
      if (open?.depth === 0) open = undefined;
    } else if (section === undefined) {
      problems.at(source, block.at, 'GuideSyntax', 'a guide begins with a heading');
      return [];
    } else if (block.kind === 'query') {
      const step = section.steps.at(-1);
      if (step && !step.query) step.query = block.query;
      else problems.at(source, block.at, 'GuideSyntax', 'put a query below the step it belongs to');
    } else if (block.kind === 'text' && open) {
      open.lines.push(block.text);
    } else {
      open = { at: block.at, depth: block.kind === 'item' ? block.depth : 0, lines: [block.text] };
      section.steps.push(open);
    }
  }
  return sections;
}

function finish(source: Source, step: DraftStep, problems: Problems): GuideStep {
  const cut = cutNumber(source, step.at, step.lines.join(' '), problems, 'text');
  checkMarkup(source, step.at, cut.text, problems);
  return { ...cut, depth: step.depth, ...(step.query && { query: step.query }) };
}

const NUMBER = /\s*<!-- ([A-Z]\d{0,2}[a-z]?) -->$/;

function cutNumber<Name extends 'heading' | 'text'>(
  source: Source,
  at: number,
  written: string,
  problems: Problems,
  name: Name,
): { readonly number: string } & { readonly [name in Name]: string } {
  const number = NUMBER.exec(written)?.[1];
  if (number === undefined) {
    problems.at(source, at, 'GuideSyntax', 'no number at the end, such as <!-- I01a -->');
  }
  const text = written.replace(NUMBER, '').trim();
  return { number: number ?? '', [name]: text } as { number: string } & { [name in Name]: string };
}

/** Messages support only code spans, so other markup would reach the reader as stray characters. */
function checkMarkup(source: Source, at: number, text: string, problems: Problems): void {
  const parts = text.split('`');
  const plain = parts.filter((_, index) => index % 2 === 0).join(' ');
  const markup = /\*\*|\[[^\]]*\]\(|<[a-z/!]|!\{|&[a-z]+;/i.exec(plain);
  if (parts.length % 2 === 0) problems.at(source, at, 'GuideSyntax', 'a code span is not closed');
  else if (markup)
    problems.at(source, at, 'GuideSyntax', `only code spans are allowed as markup: ${quote(markup[0])}`);
}

/** The numbers of headings and steps, in order. */
export function numbersOf(guide: Guide): string[] {
  return guide.sections.flatMap(({ number, steps }) => [number, ...steps.map(step => step.number)]);
}

const positionOf = (source: Source, number: string) => source.text.lastIndexOf(`<!-- ${number} -->`);

function checkOnce(source: Source, guide: Guide, problems: Problems): void {
  const seen = new Set(['']);
  for (const number of numbersOf(guide)) {
    if (seen.has(number) && number !== '') {
      problems.at(source, positionOf(source, number), 'Duplicate', `duplicate step ${number}`);
    }
    seen.add(number);
  }
}

/** Every step that the rule requires is in the guide, in that order, and no other. */
export function checkSteps(
  source: Source,
  guide: Guide,
  wanted: readonly string[],
  problems: Problems,
): void {
  const found = numbersOf(guide).filter(number => number !== '');
  for (const number of wanted) {
    if (!found.includes(number)) problems.at(source, 0, 'MissingStep', `the guide has no step ${number}`);
  }
  for (const number of found) {
    if (wanted.includes(number)) continue;
    const message = `${unknownName('step', number, wanted)}; rule.toml lists them in guide_steps`;
    problems.at(source, positionOf(source, number), 'UnknownStep', message);
  }
  const known = [...new Set(found.filter(number => wanted.includes(number)))];
  const inOrder = wanted.filter(number => known.includes(number));
  const astray = known.findIndex((number, index) => number !== inOrder[index]);
  if (astray < 0) return;
  const message = `step ${known[astray]} stands where ${inOrder[astray]} should`;
  problems.at(source, positionOf(source, known[astray]!), 'GuideSyntax', message);
}
