import { AwsError } from '../error.ts';

export type SnsAttribute = {
  readonly type: string;
  readonly value: string;
};

export type Publication = {
  readonly message: string;
  readonly subject: string | undefined;
  readonly structure: string | undefined;
  readonly attributes: ReadonlyMap<string, SnsAttribute>;
};

/** What each protocol is to get: its own text, or `default`. */
export type Variants = { of(protocol: string): string };

/** Everything that SNS refuses in a message; the first that is found is thrown. */
export function validate(publication: Publication): Variants {
  const { message, subject, structure, attributes } = publication;
  if (message === '') throw invalid('Empty message');
  if (subject !== undefined) checkSubject(subject);
  for (const [name, attribute] of attributes) checkAttribute(name, attribute);
  if (sizeOf(publication) > 262_144) throw invalid('Message too long');
  if (structure === undefined) return { of: () => message };
  if (structure !== 'json') throw invalid('MessageStructure');
  return readVariants(message);
}

/** Bytes of the message and of the names, types and values of its attributes. */
function sizeOf({ message, attributes }: Publication): number {
  let bytes = Buffer.byteLength(message);
  for (const [name, { type, value }] of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  }
  return bytes;
}

/** The documented limit is "less than 100"; a leading space is refused too, as the older wording had it. */
function checkSubject(subject: string): void {
  if (subject.length === 0 || subject.length >= 100 || /^\s|[\p{Cc}\u2028\u2029]/u.test(subject)) {
    throw invalid('Subject');
  }
}

function checkAttribute(name: string, { type, value }: SnsAttribute): void {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.\.|\.$|^(aws|amazon)\./i.test(name)) {
    throw invalid(`MessageAttributes Reason: the attribute name '${name}' is not valid`);
  }
  if (!/^(String|Number)$/.test(type)) {
    throw invalid(`MessageAttributes Reason: the attribute type '${type}' of '${name}' is not supported`);
  }
  if (value === '') {
    throw badValue(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (type === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) {
    throw badValue(`Could not cast message attribute '${name}' value to number.`);
  }
}

function readVariants(message: string): Variants {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const repeated = repeatedKey(message);
  if (repeated !== undefined)
    throw invalid(`Message Structure - duplicate key '${repeated}' in JSON message body`);
  const texts = new Map(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const fallback = texts.get('default');
  if (fallback === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return { of: protocol => texts.get(protocol) ?? fallback };
}

/** The first key that an object's text has twice at its top: `JSON.parse` keeps the last silently. */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token, , colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (colon !== undefined && depth === 1) {
      const key: string = JSON.parse(token.slice(0, token.length - colon.length));
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

export function invalid(reason: string): AwsError {
  return new AwsError(400, 'InvalidParameter', `Invalid parameter: ${reason}`);
}

function badValue(reason: string): AwsError {
  return new AwsError(400, 'ParameterValueInvalid', reason);
}
