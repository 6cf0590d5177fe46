import { quote } from '../problem.ts';
import type { Guide, GuideSection, GuideStep } from './guide.ts';
import { type IsKnownField, wrongPlaceholders } from './placeholders.ts';
import { type Transform, type Transforms, transformOf } from './transforms.ts';

type Drafted = { depth: number; text: string; query?: { language: string; label: string; text: string } };

/**
 * Reads the `note` of a rule as elastic/detection-rules writes it: Markdown for a viewer that draws buttons. Reading
 * is lenient, since we cannot fix the text; what cannot be converted is named in `warnings`.
 */
export function readElasticGuide(
  note: string,
  transforms: Transforms,
  isKnownField: IsKnownField,
): { readonly guide: Guide; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const { text, found } = cutButtons(note.replaceAll('\r\n', '\n'), transforms, warnings);
  const sections: { heading: string; marks: number; steps: Drafted[] }[] = [];
  let isOpen = false;
  let fence: { readonly language: string; readonly lines: string[] } | null = null;
  for (const line of text.split('\n')) {
    const section = sections.at(-1);
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line);
    if (fence) {
      if (line.trim().startsWith('```')) {
        const step = section?.steps.at(-1);
        if (step)
          step.query ??= { language: fence.language, label: fence.language, text: fence.lines.join('\n') };
        fence = null;
      } else fence.lines.push(line.trimEnd());
    } else if (line.trim().startsWith('```')) {
      fence = { language: line.trim().slice(3).trim() || 'text', lines: [] };
    } else if (heading) {
      const marks = line.indexOf(' ');
      sections.push({ heading: plainText(heading[1]!), marks, steps: [] });
      isOpen = false;
    } else if (line.trim() === '') {
      isOpen = false;
    } else {
      const target = section ?? { heading: 'Guide', marks: 2, steps: [] };
      if (!section) sections.push(target);
      isOpen = addLine(target.steps, line, isOpen);
    }
  }
  const least = Math.min(...sections.map(({ marks }) => marks));
  const guide = {
    sections: sections.map(({ heading, marks, steps }): GuideSection => {
      const level = marks === least ? 1 : 2;
      return { number: '', heading, level, steps: steps.flatMap(step => finish(step, found)) };
    }),
  };
  return { guide: withoutStrayPlaceholders(guide, isKnownField, warnings), warnings };
}

/** Adds a line to the steps: a new item, a continuation, or a new paragraph. Returns whether it may continue. */
function addLine(steps: Drafted[], written: string, isOpen: boolean): boolean {
  const line = written.replace(/^(\s*)>\s?/, '$1');
  if (line.trim() === '') return false;
  const item = /^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
  const last = steps.at(-1);
  if (item) steps.push({ depth: Math.floor(item[1]!.length / 2) + 1, text: item[2]! });
  else if (isOpen && last) last.text += ` ${line.trim()}`;
  else steps.push({ depth: 0, text: line.trim() });
  return true;
}

/** Replaces button n while the Markdown is read; a character of the private use area, which no guide contains. */
const MARK = /\uE000(\d+)\uE001/g;
const ENDING_MARKS = /(?<!\s)\s*(?:\uE000\d+\uE001\s*)+$/;

/** A step with its buttons: the first query is its own, each further one becomes a step beside it. */
function finish(step: Drafted, found: readonly Transform[]): GuideStep[] {
  const buttons = [...step.text.matchAll(MARK)].map(match => found[Number(match[1])]!);
  // A button at the end has its label above its query; within a sentence the sentence needs it.
  const ending = step.text.search(ENDING_MARKS);
  const isAlone = ending === 0;
  const labelled = (isAlone || ending < 0 ? step.text : step.text.slice(0, ending)).replace(
    MARK,
    (_, index) => found[Number(index)]!.label,
  );
  const queries = [...(step.query ? [step.query] : []), ...buttons.flatMap(button => button.query ?? [])];
  const [first, ...others] = queries;
  const { depth } = step;
  return [
    { number: '', depth, text: plainText(labelled), ...(first && { query: first }) },
    ...others.map(query => ({ number: '', depth, text: query.label, query })),
  ];
}

/** Removes the buttons from a text, `$osquery_0` as well as `!{osquery{…}}`, and leaves a mark for each. */
function cutButtons(note: string, transforms: Transforms, warnings: string[]) {
  const found: Transform[] = [];
  const mark = (transform: Transform) => {
    if (!transform.query)
      warnings.push(`the query ${quote(transform.label)} is omitted: ${transform.reason}`);
    return `\uE000${found.push(transform) - 1}\uE001`;
  };
  let text = '';
  let rest = note.replaceAll(/[\uE000\uE001]/g, '');
  for (;;) {
    const next = /!\{(osquery|investigate|insight)(?=\{)|\$(osquery|investigate)_(\d{1,4})/.exec(rest);
    if (!next) break;
    const [whole, inline, kind, number] = next;
    text += rest.slice(0, next.index);
    rest = rest.slice(next.index + whole.length);
    if (inline === undefined) {
      const transform = transforms[kind as keyof Transforms][Number(number)];
      if (!transform) warnings.push(`${whole} names no [[transform.${kind}]]`);
      text += transform ? mark(transform) : whole;
      continue;
    }
    const end = endOfJson(rest);
    const json = end < 0 || rest[end] !== '}' ? undefined : parsed(rest.slice(0, end));
    if (json === undefined) {
      warnings.push(`a ${inline} button of the note is not JSON and is omitted`);
      text += `(${inline})`;
      if (end >= 0) rest = rest.slice(end).replace(/^\}/, '');
      continue;
    }
    text += mark(transformOf(inline, json));
    rest = rest.slice(end + 1);
  }
  return { text: text + rest, found };
}

/** Longest JSON of one button; the search for its end stops there, so that many unclosed ones are cheap. */
const LONGEST_BUTTON = 16_384;

/** Offset after the object that the text begins with; -1: it does not end. */
function endOfJson(text: string): number {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < Math.min(text.length, LONGEST_BUTTON); at++) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return -1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Inline Markdown without its markup: emphasis removed, a link as its text and address, code spans kept. */
function plainText(markdown: string): string {
  return markdown
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replaceAll('`', '')
            .replaceAll(/!?\[([^\][]*)\]\(([^()\s]*)\)/g, '$1 ($2)')
            .replaceAll(/\*\*|__/g, '')
            .replaceAll(
              /<\/?(?:a|b|i|em|strong|br|p|ul|ol|li|code|pre|div|span|details|summary)\b[^<>]*>/gi,
              '',
            ),
    )
    .join('')
    .trim();
}

function withoutStrayPlaceholders(guide: Guide, isKnownField: IsKnownField, warnings: string[]): Guide {
  const mend = (written: string) => {
    const text = written.replaceAll(/\{\{\s*([\w@.-]+)\s*\}\}/g, '{{$1}}');
    let mended = text;
    for (const { at, length, message } of wrongPlaceholders(text, isKnownField).toReversed()) {
      const inner = mended.slice(at, at + length).replaceAll(/[{}]/g, '');
      mended = `${mended.slice(0, at)}${inner}${mended.slice(at + length)}`;
      warnings.push(`the note has an ${message}`);
    }
    return mended;
  };
  return {
    sections: guide.sections.map(section => ({
      ...section,
      heading: mend(section.heading),
      steps: section.steps.map(step => ({
        ...step,
        text: mend(step.text),
      })),
    })),
  };
}
