import { invalid, type Publication, type SnsAttribute } from './validate.ts';

/** The message that a form describes. */
export function publicationOf(form: URLSearchParams): Publication {
  const attributes = new Map<string, SnsAttribute>();
  const entry = 'MessageAttributes.entry';
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
    message: form.get('Message') ?? '',
    subject: form.get('Subject') ?? undefined,
    structure: form.get('MessageStructure') ?? undefined,
    attributes,
  };
}

/** The numbers of a list in the form, ascending. */
function numbers(form: URLSearchParams, prefix: string): number[] {
  const found = new Set<number>();
  for (const key of form.keys()) {
    if (key.startsWith(`${prefix}.`)) found.add(Number.parseInt(key.slice(prefix.length + 1), 10));
  }
  return [...found].sort((a, b) => a - b);
}
