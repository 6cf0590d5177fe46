import type { Detector } from '../detection/index.ts';
import type { JsonObject } from '../eql/index.ts';
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
  return {
    see: ({ document, index, source, bytes }) => {
      const text = watched.length === 0 ? '' : foldLatin1(bytes);
      for (const rule of watched) {
        if (!rule.literals.some(literal => text.includes(literal))) continue;
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

/** The bytes as text with A to Z folded; a literal hidden behind an escape is not counted, which affects no match. */
function foldLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[A-Z]+/g, run => run.toLowerCase());
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
