import type { SnsAttribute } from './validate.ts';

/** One condition of a filter policy or of an event pattern: a value, or an object such as `{ prefix: 'a' }`. */
export type Condition = unknown;

/** Whether attributes satisfy a policy: every key by one of its conditions. */
export function attributesMatch(
  policy: Readonly<Record<string, Condition[]>>,
  attributes: ReadonlyMap<string, SnsAttribute>,
): boolean {
  return Object.entries(policy).every(([name, conditions]) =>
    conditions.some(condition => holds(condition, valuesOf(attributes.get(name)))),
  );
}

/** Whether a document satisfies a nested pattern, as EventBridge has it. */
export function documentMatches(pattern: unknown, document: unknown): boolean {
  if (typeof pattern !== 'object' || pattern === null) return false;
  return Object.entries(pattern).every(([name, inner]) => {
    const value = typeof document === 'object' && document !== null ? Reflect.get(document, name) : undefined;
    if (!Array.isArray(inner)) return documentMatches(inner, value);
    const values = value === undefined ? [] : [value].flat();
    return inner.some(condition => holds(condition, values));
  });
}

function valuesOf(attribute: SnsAttribute | undefined): readonly unknown[] {
  if (!attribute) return [];
  return [attribute.type === 'Number' ? Number(attribute.value) : attribute.value];
}

function holds(condition: Condition, values: readonly unknown[]): boolean {
  if (typeof condition !== 'object' || condition === null) return values.includes(condition);
  const [kind, operand] = Object.entries(condition)[0] ?? [];
  if (kind === 'exists') return values.length > 0 === operand;
  if (kind === 'anything-but') {
    const refused = [operand].flat();
    return values.length > 0 && !values.some(value => refused.some(one => isOne(one, value)));
  }
  return values.some(value => fits(kind, operand, value));
}

function isOne(refused: unknown, value: unknown): boolean {
  if (typeof refused !== 'object' || refused === null) return refused === value;
  const [kind, operand] = Object.entries(refused)[0] ?? [];
  return fits(kind, operand, value);
}

function fits(kind: string | undefined, operand: unknown, value: unknown): boolean {
  if (kind === 'numeric') return typeof value === 'number' && isWithin(operand as (string | number)[], value);
  return kind === 'prefix' && String(value).startsWith(String(operand));
}

function isWithin(bounds: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const bound = bounds[at + 1] as number;
    const holdsHere = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    }[bounds[at] as string];
    if (!holdsHere) return false;
  }
  return true;
}

/** `*` matches any text; the pieces between must occur in their order. */
export function isLike(pattern: string, value: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (!value.startsWith(first!)) return false;
  if (rest.length === 0) return value === pattern;
  const last = rest.pop()!;
  let at = first!.length;
  for (const piece of rest) {
    const found = value.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}
