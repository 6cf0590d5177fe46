/** The endpoint by which Amazon Q Developer in chat applications subscribes to a topic. */
export const CHAT_ENDPOINT = 'https://global.sns-api.chatbot.amazonaws.com';

/** The line that the service writes to its own log, and nowhere else. */
export const NOT_SUPPORTED = 'Event received is not supported';

type Check = (value: unknown) => string | null;

const text =
  (most: number): Check =>
  value =>
    typeof value !== 'string'
      ? 'is not a string'
      : value.length > most
        ? `is longer than ${most} characters`
        : null;

const texts: Check = value => {
  if (!Array.isArray(value) || value.some(one => typeof one !== 'string')) return 'is not a list of strings';
  return value.length > 10 ? 'has more than 10 items' : null;
};

const exactly =
  (wanted: unknown): Check =>
  value =>
    value === wanted ? null : `is not ${JSON.stringify(wanted)}`;

const flag: Check = value => (typeof value === 'boolean' ? null : 'is not true or false');

const stringMap: Check = value =>
  typeof value === 'object' && value !== null && Object.values(value).every(one => typeof one === 'string')
    ? null
    : 'is not a map of strings';

type Shape = { readonly required: readonly string[]; readonly fields: ReadonlyMap<string, Check> };

const shape = (required: readonly string[], fields: Readonly<Record<string, Check>>): Shape => ({
  required,
  fields: new Map(Object.entries(fields)),
});

const CONTENT = shape(['description'], {
  textType: exactly('client-markdown'),
  title: text(250),
  description: text(8000),
  nextSteps: texts,
  keywords: texts,
});

const METADATA = shape([], {
  threadId: text(1000),
  summary: text(1000),
  eventType: text(1000),
  relatedResources: texts,
  additionalContext: stringMap,
  enableCustomActions: flag,
});

const NOTIFICATION = shape(['version', 'source', 'content'], {
  version: exactly('1.0'),
  source: exactly('custom'),
  id: text(1000),
  content: value => problemsOf(value, CONTENT)[0] ?? null,
  metadata: value => problemsOf(value, METADATA)[0] ?? null,
});

/**
 * Why the service would not show this message; empty where it would.
 * Stricter than it in one way: a field that is not documented is refused, so that a misspelt one is seen.
 */
export function chatProblems(body: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return ['the message is not JSON'];
  }
  return problemsOf(parsed, NOTIFICATION);
}

function problemsOf(value: unknown, { required, fields }: Shape): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['is not an object'];
  const missing = required.filter(name => !Object.hasOwn(value, name)).map(name => `${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, field]) => {
    const check = fields.get(name);
    const problem = check ? check(field) : 'is not a known field';
    return problem === null ? [] : [`${name} ${problem}`];
  });
  return [...missing, ...wrong];
}
