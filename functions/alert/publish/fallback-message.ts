import type { Message } from '../notification/index.ts';

const EXCERPT_BYTES = 24 * 1024;
const MINIMAL_BYTES = 1024;
const POINTER_BYTES = 1_500;

/**
 * The form of a message that SNS refused: a constant subject, bodies cut to a part of the budget, and the location of
 * the whole message. The chat body is shortened as JSON, since truncated JSON would not be shown.
 */
export function excerptOf(message: Message, pointer: string | null): Message {
  return smaller(message, pointer, EXCERPT_BYTES);
}

/** The last form: a few lines that say there is something and where. Nothing in it is long enough for SNS to refuse. */
export function minimalOf(message: Message, pointer: string | null): Message {
  return smaller(message, pointer, MINIMAL_BYTES);
}

function smaller(message: Message, pointer: string | null, bytes: number): Message {
  const note = `This message was cut, since Amazon SNS refused it whole.${pointer ? ` All of it: ${cut(pointer, POINTER_BYTES)}` : ''}`;
  return {
    subject: 'registry-alert: a message that had to be cut',
    email: `${cut(message.email, bytes)}\n\n${note}\n`,
    https: JSON.stringify(smallerChat(message, note, bytes)),
    default: JSON.stringify(smallerDocument(message, pointer, bytes)),
    attributes: attributesOf(message),
    brief: message.brief,
    cut: ['all'],
  };
}

function smallerChat({ brief }: Message, note: string, bytes: number): object {
  const most = Math.min(bytes, 2_500);
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: cut(cut(brief.title, most) || 'registry-alert', 250),
      description: `${cut(brief.description, most)}\n${note}`.trim(),
    },
  };
}

/** The document keeps what identifies the alert and its evidence; the event is where the pointer says. */
function smallerDocument({ brief }: Message, pointer: string | null, bytes: number): object {
  const kept = Object.entries(brief.document).filter(
    ([, member]) => byteLength(JSON.stringify(member) ?? '') <= Math.max(bytes, 4_096),
  );
  return { ...Object.fromEntries(kept), truncated: true, whole: pointer };
}

/** The few attributes that filters rely on, and only values that SNS cannot refuse. */
function attributesOf({ attributes }: Message): Message['attributes'] {
  const kept = ['kind', 'alertId', 'incidentId', 'alerts', 'ruleId', 'severity', 'assessment'].flatMap(
    name => {
      const attribute = attributes[name];
      return attribute && /^[\x20-\x7e]{1,100}$/.test(attribute.value) ? [[name, attribute] as const] : [];
    },
  );
  return { ...Object.fromEntries(kept), truncated: { type: 'String', value: 'true' } };
}

/** Cuts at the edge of a code point; removes control characters other than the line feed. */
function cut(text: string, bytes: number): string {
  const clean = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
  let end = 0;
  let used = 0;
  for (const character of clean) {
    used += byteLength(character);
    if (used > bytes) return `${clean.slice(0, end).toWellFormed()} …`;
    end += character.length;
  }
  return clean.toWellFormed();
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
