import { foldAscii } from '../case-folding.ts';
import { parseRegex, type RegexNode } from './regex-parse.ts';
import type { RegexOptions } from './regex-reader.ts';

const MOST = 64;

/**
 * Texts in ASCII lower case of which one is part of every text that the expression matches; `null`: none is known. Of
 * several such lists the one whose shortest text is the longest is taken.
 */
export function literalsOfRegex(pattern: string, options: RegexOptions): readonly string[] | null {
  return alternativesOf(parseRegex(pattern, options));
}

function alternativesOf(node: RegexNode): readonly string[] | null {
  switch (node.kind) {
    case 'set': {
      const character = characterOf(node);
      return character === null ? null : [character];
    }
    case 'repeat':
      return node.least > 0 ? alternativesOf(node.node) : null;
    case 'choice': {
      const found = node.nodes.map(alternativesOf);
      return found.includes(null) || found.flat().length > MOST
        ? null
        : [...new Set(found.flat() as string[])];
    }
    case 'sequence':
      return ofSequence(node.nodes);
  }
}

/** Characters in a row are one text, those between quotation marks a sequence of their own. */
function ofSequence(nodes: readonly RegexNode[]): readonly string[] | null {
  let best: readonly string[] | null = null;
  let run = '';
  const take = (found: readonly string[] | null): void => {
    if (found !== null && (best === null || shortest(found) > shortest(best))) best = found;
  };
  for (const node of nodes) {
    const character = characterOf(node);
    if (character === null) {
      take(alternativesOf(node));
      run = '';
    } else {
      run += character;
      take([run]);
    }
  }
  return best;
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map(text => text.length));
}

/** The character of a set that has one, apart from its case. */
function characterOf(node: RegexNode): string | null {
  if (node.kind !== 'set' || node.ranges.length === 0 || node.ranges.length > 2) return null;
  const folded = node.ranges.map(([first, last]) =>
    first === last ? foldAscii(String.fromCodePoint(first)) : '',
  );
  return folded[0] !== '' && folded.every(one => one === folded[0]) ? folded[0]! : null;
}
