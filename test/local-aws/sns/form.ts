import { invalid, type Publication, type SnsAttribute } from './validate.ts';

/** The message that a form describes; `prefix` is where an entry of a batch begins. */
export function publicationOf(form: URLSearchParams, prefix: string): Publication {
  const attributes = new Map<string, SnsAttribute>();
  const entry = `${prefix}MessageAttributes.entry`;
  for (const number of numbers(form, entry)) {
    const name = form.get(`${entry}.${number}.Name`) ?? '';
    if (attributes.has(name))
      throw invalid(`MessageAttributes Reason: the attribute '${name}' is given twice`);
    const value = (kind: string) => form.get(`${entry}.${number}.Value.${kind}`);
    attributes.set(name, {
      type: value('DataType') ?? '',
      value: value('StringValue') ?? value('BinaryValue') ?? '',
    });
  }
  return {
    message: form.get(`${prefix}Message`) ?? '',
    subject: form.get(`${prefix}Subject`) ?? undefined,
    structure: form.get(`${prefix}MessageStructure`) ?? undefined,
    attributes,
  };
}

/** A map of text, sent as numbered keys and values. */
export function mapOf(form: URLSearchParams, name: string): Record<string, string> {
  const entry = `${name}.entry`;
  return Object.fromEntries(
    numbers(form, entry).map(number => [
      form.get(`${entry}.${number}.key`) ?? '',
      form.get(`${entry}.${number}.value`) ?? '',
    ]),
  );
}

/** The numbers of a list in the form, ascending. */
export function numbers(form: URLSearchParams, prefix: string): number[] {
  const found = new Set<number>();
  for (const key of form.keys()) {
    if (key.startsWith(`${prefix}.`)) found.add(Number.parseInt(key.slice(prefix.length + 1), 10));
  }
  return [...found].sort((a, b) => a - b);
}
