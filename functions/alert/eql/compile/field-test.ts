import type { Scalar } from '../document.ts';
import { type Fold, foldAscii, foldNothing, foldUnicode } from '../match/case-folding.ts';
import { caseVariants } from '../match/case-variants.ts';
import { type ComparisonOptions, equalTo, inOrder, mirrored, type Test } from '../match/comparison.ts';
import { fieldKind } from '../match/field-kind.ts';
import { functionNamed, text } from '../match/functions.ts';
import { isWithin, readAddress, readBlock } from '../match/ip.ts';
import { asciiVariants } from '../match/regex/code-points.ts';
import { compileCheckedRegex, compileRegex } from '../match/regex/regex.ts';
import { compilePatterns } from '../match/wildcard/wildcard.ts';
import { type Pattern, readEscapedPattern, readPrefix } from '../match/wildcard/wildcard-pattern.ts';
import type { Call, Compare, Expression, In, Match } from '../syntax/ast.ts';
import { isNumber, plain, type Value } from '../syntax/value.ts';
import { constantOf } from './constant.ts';
import { compileEscapedWildcard, hasEscapedLetter } from './escaped-wildcard.ts';
import { fieldValue } from './script-value.ts';

/** A condition on the values of one field, without the rest of the document: what an index can answer. */
export type FieldTest = {
  readonly path: string;
  /** `!=` and `not in`: true if no value passes, and therefore also if there is none. */
  readonly isNegated: boolean;
  readonly test: Test;
  /** The constants compared with, in the order of the text. */
  readonly constants: readonly Scalar[];
  /** The positions in `constants` that match a value. */
  readonly matching: (value: Scalar) => readonly number[];
};

export type CaseFolding = 'ascii' | 'unicode';

export type TestOptions = {
  readonly caseFolding: CaseFolding;
  /** Exceptions: a day, or a block of addresses, is compared as text. */
  readonly isExact?: boolean;
};

/** The test of one field that a node is; `null`: it is something else. */
export function fieldTest(node: Expression, options: TestOptions): FieldTest | null {
  switch (node.kind) {
    case 'field':
      return single(node.path, true, equalTo(true), false);
    case 'compare':
      return compareTest(node, options);
    case 'in':
      return inTest(node, options);
    case 'match':
      return matchTest(node, options);
    case 'call':
      return callTest(node, options);
    default:
      return null;
  }
}

/** A field, or `string(field)`, which Elasticsearch's optimizer (`PruneCast`) turns into the field if it is text. */
type Subject = { readonly path: string; readonly isText: boolean };

/** Whether a node tests a field, so that Elasticsearch queries its index and no script. */
export function readsOneField(node: Expression): boolean {
  return subjectOf(node, { caseFolding: 'ascii' }) !== null;
}

function subjectOf(node: Expression | undefined, options: TestOptions): Subject | null {
  if (node?.kind === 'field') return { path: node.path, isText: false };
  if (options.isExact || node?.kind !== 'call' || functionNamed(node.name)?.name !== 'string') return null;
  const inner = subjectOf(node.args[0], options);
  return inner && { ...inner, isText: true };
}

/** The text test for `string(field)`: any value of the field is converted as a script does. */
function ofSubject({ path, isText }: Subject, test: FieldTest): FieldTest {
  if (!isText) return test;
  const isDouble = fieldKind(path) === 'double';
  const written = (value: Scalar) => (typeof value === 'string' ? value : text(fieldValue(value, isDouble)));
  return {
    ...test,
    test: value => test.test(written(value)),
    matching: value => test.matching(written(value)),
  };
}

export function asText(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

function scalar(value: Value): Scalar {
  return isNumber(value) ? plain(value) : (value ?? 'null');
}

function single(path: string, constant: Value, test: Test, isNegated: boolean): FieldTest {
  return {
    path,
    isNegated,
    test,
    constants: [scalar(constant)],
    matching: value => (test(value) ? [0] : []),
  };
}

function compareTest(node: Compare, options: TestOptions): FieldTest | null {
  const left = subjectOf(node.left, options);
  const subject = left ?? subjectOf(node.right, options);
  const operator = left ? node.operator : mirrored(node.operator);
  const constant = constantOf(left ? node.right : node.left);
  if (!subject || constant === undefined || constant === null) return null;
  const { path, isText } = subject;
  if (isText && typeof constant !== 'string') return null;
  const test =
    operator === '==' || operator === '!='
      ? single(path, constant, equalTo(constant, ofField(subject, options)), operator === '!=')
      : single(path, constant, inOrder(operator, constant, ofField(subject, options)), false);
  return ofSubject(subject, test);
}

function ofField({ path, isText }: Subject, { isExact }: TestOptions): ComparisonOptions {
  return { kind: isText ? 'text' : fieldKind(path), isExact };
}

function inTest(node: In, options: TestOptions): FieldTest | null {
  const subject = subjectOf(node.value, options);
  const constants = node.list.map(item => constantOf(item) ?? null).filter(constant => constant !== null);
  if (!subject || (subject.isText && constants.some(constant => typeof constant !== 'string'))) return null;
  const fold = node.isInsensitive ? foldOf(options.caseFolding) : null;
  const tests: Test[] = constants.map(constant => {
    if (!fold) return equalTo(constant, ofField(subject, options));
    const folded = fold(String(constant));
    return value => fold(asText(value)) === folded;
  });
  const words = new Set(
    constants.filter(constant => typeof constant === 'string').map(word => fold?.(word) ?? word),
  );
  return ofSubject(subject, {
    path: subject.path,
    isNegated: node.isNegated,
    // Most values are text: a set answers for the words, the tests for other values that equal a word.
    test: fold
      ? value => words.has(fold(asText(value)))
      : value => (typeof value === 'string' && words.has(value)) || tests.some(test => test(value)),
    constants: constants.map(scalar),
    matching: value => tests.flatMap((test, index) => (test(value) ? [index] : [])),
  });
}

function matchTest({ operator, constants, value: operand }: Match, options: TestOptions): FieldTest | null {
  const subject = subjectOf(operand, options);
  if (!subject) return null;
  const { path } = subject;
  const texts = constants.map(({ value }) => String(value));
  const isInsensitive = operator !== 'like' && operator !== 'regex';
  if (operator === 'regex' || operator === 'regex~') {
    const dialect = { dialect: 'lucene', isInsensitive } as const;
    // With more letters an automaton that was small enough may be too large: built now, else for the first value.
    const tests = texts.map(pattern =>
      options.caseFolding === 'unicode'
        ? compileRegex(pattern, { ...dialect, variants: caseVariants }).matches
        : onFirstUse(() => compileCheckedRegex(pattern, dialect).matches),
    );
    return ofSubject(subject, {
      path,
      isNegated: false,
      test: value => tests.some(test => test(asText(value))),
      constants: texts,
      matching: value => tests.flatMap((test, index) => (test(asText(value)) ? [index] : [])),
    });
  }
  const fold = isInsensitive ? foldOf(options.caseFolding) : foldNothing;
  return ofSubject(subject, { path, isNegated: false, constants: texts, ...patternTest(texts, fold) });
}

function patternTest(
  texts: readonly string[],
  fold: Fold,
  read?: (text: string) => Pattern,
): Pick<FieldTest, 'test' | 'matching'> {
  const set = compilePatterns(texts, fold, read);
  return { test: value => set.matches(asText(value)), matching: value => set.matching(asText(value)) };
}

function callTest(node: Call, options: TestOptions): FieldTest | null {
  const [first, ...others] = node.args;
  const constants = others.map(constantOf);
  const subject = subjectOf(first, options);
  if (!subject || !constants.every(constant => typeof constant === 'string')) return null;
  const [wanted = ''] = constants;
  const fold = node.isInsensitive ? foldOf(options.caseFolding) : foldNothing;
  const { path } = subject;
  const test = { path, isNegated: false, constants };
  const wildcard = (pattern: string) => escapedTest(pattern, node.isInsensitive, options.caseFolding);
  switch (functionNamed(node.name)?.name) {
    case 'startsWith':
      return ofSubject(subject, { ...test, ...patternTest([wanted], fold, readPrefix) });
    // Elasticsearch sends these two as wildcards, with the rule's text unchanged.
    case 'endsWith':
      return ofSubject(subject, { ...test, ...wildcard(`*${wanted}`) });
    case 'stringContains':
      return ofSubject(subject, { ...test, ...wildcard(`*${wanted}*`) });
    case 'cidrMatch': {
      const blocks = constants.map(block => readBlock(block)!);
      const matching = (value: Scalar) => {
        const address = typeof value === 'string' ? readAddress(value) : null;
        return address === null
          ? []
          : blocks.flatMap((block, index) => (isWithin(address, block) ? [index] : []));
      };
      return { ...test, test: value => matching(value).length > 0, matching };
    }
    default:
      return null;
  }
}

function escapedTest(
  pattern: string,
  isInsensitive: boolean,
  caseFolding: CaseFolding,
): Pick<FieldTest, 'test' | 'matching'> {
  if (!isInsensitive || !hasEscapedLetter(pattern)) {
    return patternTest([pattern], isInsensitive ? foldOf(caseFolding) : foldNothing, readEscapedPattern);
  }
  const matches = compileEscapedWildcard(pattern, caseFolding === 'unicode' ? caseVariants : asciiVariants);
  const test: Test = value => matches(asText(value));
  return { test, matching: value => (test(value) ? [0] : []) };
}

function foldOf(folding: CaseFolding): Fold {
  return folding === 'unicode' ? foldUnicode : foldAscii;
}

function onFirstUse(make: () => (text: string) => boolean): (text: string) => boolean {
  let test: ((text: string) => boolean) | undefined;
  return text => {
    test ??= make();
    return test(text);
  };
}
