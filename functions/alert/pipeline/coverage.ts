import type { Detector } from '../detection/index.ts';
import { endOfGram, GRAM, GramIndex, gramCounts, type JsonObject, rarestGram } from '../eql/index.ts';
import { fits, type LogEvent, originOf } from '../logs/index.ts';

/** Distinguishes a silent exporter or a renamed field from a quiet fleet; by the rule's folder. */
export type CandidateCounts = { readonly candidates: number; readonly fieldsAbsent: number };

export type CandidateCounter = {
  readonly see: (event: LogEvent) => void;
  readonly counts: () => ReadonlyMap<string, CandidateCounts>;
};

/**
 * Counts, for each rule, the events that contain one of its literals, matched or not, and those of them without a field
 * that the rule reads. An event of another category is not counted: the start of WmiPrvSE.exe has no registry.path. A
 * rule without literals has no candidates, since every event would be one.
 */
export function countCandidates(detector: Detector): CandidateCounter {
  const watched = detector.rules.flatMap(({ folder, indices, query }) => {
    const literals = query.requiredLiterals;
    if (literals === null) return [];
    return [
      {
        folder,
        indices,
        query,
        literals,
        fields: query.fields.map(hasField),
        candidates: 0,
        fieldsAbsent: 0,
      },
    ];
  });
  const rulesIn = literalsByGram(watched.map(({ literals }) => literals));
  return {
    see: ({ document, index, source, bytes }) => {
      if (watched.length === 0) return;
      for (const id of rulesIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
        const rule = watched[id]!;
        if (rule.query.isOtherCategory(document)) continue;
        if (source !== null && fits(rule.indices, originOf(document, index)) === 'other') continue;
        rule.candidates++;
        if (!rule.fields.every(has => has(document))) rule.fieldsAbsent++;
      }
    },
    counts: () =>
      new Map(watched.map(({ folder, candidates, fieldsAbsent }) => [folder, { candidates, fieldsAbsent }])),
  };
}

/**
 * Which rules have one of their literals in the bytes, ASCII case-insensitive. A literal hidden behind an escape is not
 * found, which affects no match.
 */
function literalsByGram(rules: readonly (readonly string[])[]): (bytes: Buffer) => ReadonlySet<number> {
  const all = rules.flatMap((literals, rule) => literals.map(literal => ({ rule, literal })));
  const counts = gramCounts(all.map(({ literal }) => literal));
  const short = all.filter(({ literal }) => literal.length < GRAM);
  const long = all
    .filter(({ literal }) => literal.length >= GRAM)
    .map(({ rule, literal }) => {
      const gram = rarestGram([literal], counts);
      return { rule, literal, gram, end: endOfGram(literal, gram) };
    });
  const grams = new GramIndex();
  for (const [id, { gram }] of long.entries()) grams.add(gram, id);
  return bytes => {
    const text = bytes.toString('latin1');
    const found = new Set<number>();
    const folded = short.length === 0 ? '' : foldLatin1(text);
    for (const { rule, literal } of short) if (folded.includes(literal)) found.add(rule);
    grams.visit(text, (ids, behind) => {
      for (const id of ids) {
        const { rule, literal, end } = long[id]!;
        const from = behind - end;
        if (from >= 0 && !found.has(rule) && foldLatin1(text.slice(from, from + literal.length)) === literal)
          found.add(rule);
      }
    });
    return found;
  };
}

/** A to Z folded, and nothing else. */
function foldLatin1(text: string): string {
  return text.replace(/[A-Z]+/g, run => run.toLowerCase());
}

/** Whether a document has a field at all, in any spelling, whatever its value: `[]` is not a renamed field. */
function hasField(path: string): (document: JsonObject) => boolean {
  const names = path.split('.');
  const has = (value: unknown, from: number): boolean => {
    if (Array.isArray(value)) return value.some(element => has(element, from));
    if (typeof value !== 'object' || value === null) return false;
    for (let to = from + 1; to <= names.length; to++) {
      const key = names.slice(from, to).join('.');
      if (Object.hasOwn(value, key) && (to === names.length || has((value as JsonObject)[key], to)))
        return true;
    }
    return false;
  };
  return document => has(document, 0);
}
