import { compileChecked, type QueryFunctions } from './compile/compile.ts';
import type { JsonObject, ReadField } from './document.ts';
import { foldAscii } from './match/case-folding.ts';
import type { KnownOfQuery, Query, RequiredValue } from './query.ts';

/** Texts in ASCII lower case of the document that was asked about last: many queries ask for the same fields of it. */
let asked:
  | {
      readonly document: JsonObject;
      readonly readField: ReadField;
      readonly texts: Map<string, readonly string[]>;
    }
  | undefined;

/**
 * A query that was checked and is known except for its functions: compiled for the first document that has what it
 * requires, or when another function is called.
 */
export function lazyQuery(known: KnownOfQuery, readField: ReadField): Query {
  const { source, categoryField, caseFolding, requiredOfEach } = known;
  let functions: QueryFunctions | undefined;
  const compiled = (): QueryFunctions => {
    functions ??= compileChecked(source, { readField, categoryField, caseFolding });
    return functions;
  };
  const textsOf = (document: JsonObject, field: string): readonly string[] => {
    if (asked?.document !== document || asked.readField !== readField)
      asked = { document, readField, texts: new Map() };
    let texts = asked.texts.get(field);
    if (texts === undefined) {
      texts = readField(field)(document).map(value => foldAscii(String(value)));
      asked.texts.set(field, texts);
    }
    return texts;
  };
  const mayMatch = (document: JsonObject): boolean =>
    requiredOfEach.every(list => list.some(required => isThere(required, textsOf(document, required.field))));
  return {
    ...known,
    requiredLiteralsIn: rawText => compiled().requiredLiteralsIn(rawText),
    throughPipes: (...given) => compiled().throughPipes(...given),
    matches: document => (functions !== undefined || mayMatch(document)) && compiled().matches(document),
    isOtherCategory: document => compiled().isOtherCategory(document),
    explain: document => compiled().explain(document),
  };
}

function isThere(required: RequiredValue, texts: readonly string[]): boolean {
  return 'is' in required
    ? texts.includes(required.is)
    : texts.some(text => required.holds.every(piece => text.includes(piece)));
}
