import { checkCondition, checkExpression, type FieldKnowledge } from '../check/type-check.ts';
import type { JsonObject, JsonValue, ReadField } from '../document.ts';
import { equalTo } from '../match/comparison.ts';
import type { Condition, Explanation, KnownOfQuery, Query } from '../query.ts';
import type { EventQuery } from '../syntax/ast.ts';
import { fieldsOf, operandsOf } from '../syntax/ast.ts';
import { EqlError, FaultFound, refuse } from '../syntax/error.ts';
import { parseLoneExpression, parseQuery } from '../syntax/parse.ts';
import { isNumber, plain } from '../syntax/value.ts';
import { compileAcceptance } from './condition.ts';
import { foldConstant } from './constant.ts';
import { compileExplanation } from './explanation.ts';
import { compileFilter, type FilterOptions } from './filter.ts';
import { compilePipe, throughPipes } from './pipes.ts';
import { hasOnlyItsText, requiredLiterals } from './required-literals.ts';
import { requiredOfEach, requiredValues } from './required-values.ts';

export type CompileOptions = FieldKnowledge & {
  readonly readField: ReadField;
  /** Default `event.category`. */
  readonly categoryField?: string;
  /** Default `ascii`: what Elasticsearch 7.10 to 8 does. */
  readonly caseFolding?: 'ascii' | 'unicode';
  /** `| head n` and `| tail n`; a rule may not have them. */
  readonly allowPipes?: boolean;
};

/**
 * Compiles an EQL event query once; throws `EqlError` for everything that Elasticsearch refuses.
 *
 * @example
 * const query = compileQuery('process where process.name : "cmd.exe"', { readField });
 * query.matches({ event: { category: 'process' }, process: { name: 'CMD.EXE' } }); // true
 */
export function compileQuery(text: string, options: CompileOptions): Query {
  return withText(text, () => {
    const parsed = parseQuery(text);
    throwAll([...checkCondition(parsed.condition, options), ...checkFilter(parsed)]);
    return build(text, parsed, options);
  });
}

/**
 * Compiles the condition of an exception under its stricter meaning: every value of each field has to pass.
 *
 * @example
 * const condition = compileCondition('host.id == "h1" and registry.path == "HKLM\\\\A\\\\B"', { readField });
 * condition.accepts({ host: { id: ['h1', 'h2'] }, registry: { path: 'HKLM\\A\\B' } }); // false
 */
export function compileCondition(text: string, options: CompileOptions): Condition {
  return withText(text, () => {
    const expression = parseLoneExpression(text);
    throwAll(checkCondition(expression, options));
    return compileAcceptance(text, expression, options);
  });
}

/**
 * The value of a constant expression; an integer beyond `int` is a `bigint`.
 *
 * @example
 * evaluateConstant('7 / 3'); // 2
 */
export function evaluateConstant(text: string): JsonValue {
  return withText(text, () => {
    const expression = parseLoneExpression(text);
    throwAll(checkExpression(expression));
    const [field] = fieldsOf(expression);
    if (field !== undefined) {
      let node = expression;
      while (node.kind !== 'field') node = operandsOf(node).find(operand => fieldsOf(operand).length > 0)!;
      refuse('Constant', node.span, `a constant expression reads no field, but this reads ${field}`);
    }
    const value = foldConstant(expression);
    return isNumber(value) ? plain(value) : value;
  });
}

function build(text: string, parsed: EventQuery, options: CompileOptions): Query {
  const { category, condition, pipes } = parsed;
  const { categoryField = 'event.category', caseFolding = 'ascii' } = options;
  const ofCategory = category === null ? null : { field: categoryField, value: category };
  return {
    source: text,
    fields: [...new Set([...(ofCategory ? [categoryField] : []), ...fieldsOf(condition)])].sort(),
    requiredLiterals: requiredLiterals(ofCategory, condition, caseFolding),
    categoryField,
    caseFolding,
    category: ofCategory && hasOnlyItsText(ofCategory.value) ? ofCategory : null,
    requiredValues: requiredValues(condition, caseFolding),
    // Needed only for a query that is kept without its functions.
    get requiredOfEach() {
      return requiredOfEach(condition, caseFolding);
    },
    pipes: pipes.map(pipe => compilePipe(pipe, options.allowPipes ?? false)),
    ...functionsOf(text, parsed, options),
  };
}

/** What a query does, beside what is known of it. */
export type QueryFunctions = Omit<Query, keyof KnownOfQuery>;

/** Compiles a query that was checked before. */
export function compileChecked(text: string, options: CompileOptions): QueryFunctions {
  return functionsOf(text, parseQuery(text), options);
}

function functionsOf(
  text: string,
  { category, categorySpan, condition, pipes }: EventQuery,
  options: CompileOptions,
): QueryFunctions {
  const filterOptions: FilterOptions = {
    readField: options.readField,
    caseFolding: options.caseFolding ?? 'ascii',
  };
  const categoryField = options.categoryField ?? 'event.category';
  const ofCategory = category === null ? null : { field: categoryField, value: category, span: categorySpan };
  // A checked query has nothing left to refuse, except that a set of Unicode's cases may be too large.
  let filter = filterOptions.caseFolding === 'unicode' ? compileFilter(condition, filterOptions) : undefined;
  const isMet = (document: JsonObject): boolean => {
    filter ??= compileFilter(condition, filterOptions);
    return filter(document);
  };
  const readCategory = options.readField(categoryField);
  const isCategory = category === null ? null : equalTo(category);
  const compiledPipes = pipes.map(pipe => compilePipe(pipe, options.allowPipes ?? false));
  let explain: ((document: JsonObject) => Explanation) | undefined;
  return {
    requiredLiteralsIn: rawText =>
      requiredLiterals(ofCategory, condition, filterOptions.caseFolding, rawText),
    throughPipes: (documents, timestampField, most) =>
      throughPipes(documents, compiledPipes.slice(0, most), options.readField(timestampField)),
    matches: isCategory ? document => readCategory(document).some(isCategory) && isMet(document) : isMet,
    isOtherCategory: document => {
      const categories = isCategory === null ? [] : readCategory(document);
      return categories.length > 0 && !categories.some(isCategory!);
    },
    explain: document => {
      explain ??= compileExplanation(text, ofCategory, condition, filterOptions);
      return explain(document);
    },
  };
}

/** A category is joined by `and`, which accepts `null`; a filter that is only `null` is neither true nor false. */
function checkFilter({ category, condition }: EventQuery): ReturnType<typeof checkExpression> {
  if (category !== null || condition.kind !== 'constant' || condition.value !== null) return [];
  const message = 'the condition has to be true or false; null is neither';
  return [{ code: 'Type', span: condition.span, message }];
}

function throwAll(faults: ReturnType<typeof checkExpression>): void {
  const [first, ...others] = [...faults].sort((one, other) => one.span.start - other.span.start);
  if (first) throw new FaultFound([first, ...others]);
}

/** Turns faults into errors with the text that they are in. */
function withText<Result>(text: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof FaultFound) throw new EqlError(text, error.faults);
    throw error;
  }
}
