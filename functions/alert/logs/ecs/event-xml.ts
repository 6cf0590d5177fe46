/** The content of a Windows event as XML; attributes of elements below `System` by `Element.Attribute`. */
export type EventXml = {
  readonly system: ReadonlyMap<string, string>;
  readonly data: ReadonlyMap<string, string>;
};

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const DEEPEST = 16;
const MOST_ATTRIBUTES = 64;
const MOST_ELEMENTS = 4096;

/** Whether text is meant to be a Windows event as XML. */
export function isEventXml(text: string): boolean {
  return /^\s{0,64}(?:<\?xml[^>]{0,200}\?>\s{0,64})?<Event[\s>]/.test(text) && text.includes(NAMESPACE);
}

/**
 * Reads one event as Windows renders it; `null` for anything else. Supports elements, attributes, text, CDATA,
 * comments, the five XML entities and character references. A document type is refused, so no entity can be
 * declared, fetched or expanded. Linear in the text; nesting, elements and attributes are bounded.
 *
 * No library: saxes took 15 ms to load at every cold start, for a form without namespaces, mixed content or DTD.
 */
export function readEventXml(text: string): EventXml | null {
  const system = new Map<string, string>();
  const data = new Map<string, string>();
  const open: { readonly name: string; readonly field: string; content: string; hasChildren: boolean }[] = [];
  let elements = 0;
  let isOver = false;
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    const run = text.slice(at, next < 0 ? text.length : next);
    const inner = open.at(-1);
    if (inner !== undefined) {
      const content = decoded(run);
      if (content === null) return null;
      inner.content += content;
    } else if (/\S/.test(run)) return null;
    if (next < 0) break;
    if (text.startsWith('<![CDATA[', next)) {
      const end = text.indexOf(']]>', next + 9);
      if (end < 0 || inner === undefined) return null;
      inner.content += text.slice(next + 9, end);
      at = end + 3;
      continue;
    }
    if (text.startsWith('<!--', next) || text.startsWith('<?', next)) {
      const closing = text[next + 1] === '?' ? '?>' : '-->';
      const end = text.indexOf(closing, next + 2);
      // No exporter writes a processing instruction within an event, and the fast path would not see what it splits.
      if (end < 0 || (closing === '?>' && inner !== undefined)) return null;
      at = end + closing.length;
      continue;
    }
    const tag = readTag(text, next);
    if (tag === null) return null;
    at = tag.end;
    if (tag.kind !== 'close') {
      if (isOver || open.length >= DEEPEST || ++elements > MOST_ELEMENTS) return null;
      if (open.length === 0 && tag.name !== 'Event') return null;
      if (inner !== undefined) inner.hasChildren = true;
      const isSystem = open[1]?.name === 'System' && open.length === 2;
      if (isSystem) for (const [name, value] of tag.attributes) system.set(`${tag.name}.${name}`, value);
      open.push({
        name: tag.name,
        field: tag.attributes.get('Name') ?? tag.name,
        content: '',
        hasChildren: false,
      });
    }
    if (tag.kind === 'open') continue;
    const closed = open.pop();
    if (closed === undefined || closed.name !== tag.name) return null;
    if (open.length === 0) isOver = true;
    const group = open[1]?.name;
    if (closed.hasChildren) continue;
    if (group === 'System' && open.length === 2) system.set(closed.name, closed.content);
    // If a name occurs twice, the first counts: what an attacker can add comes after what Windows wrote.
    if ((group === 'EventData' || group === 'UserData') && !data.has(closed.field))
      data.set(closed.field, closed.content);
  }
  return isOver && open.length === 0 ? { system, data } : null;
}

type Tag = {
  readonly kind: 'open' | 'close' | 'empty';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly end: number;
};

const NAME = /[A-Za-z_][A-Za-z0-9_.:-]{0,255}/y;
const BLANKS = /\s*/y;

function readTag(text: string, start: number): Tag | null {
  const isClose = text[start + 1] === '/';
  let at = start + (isClose ? 2 : 1);
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const name = take(NAME);
  if (name === undefined) return null;
  const attributes = new Map<string, string>();
  for (;;) {
    const hasBlank = take(BLANKS) !== '';
    if (text[at] === '>') return { kind: isClose ? 'close' : 'open', name, attributes, end: at + 1 };
    if (!isClose && text.startsWith('/>', at)) return { kind: 'empty', name, attributes, end: at + 2 };
    const attribute = hasBlank && !isClose && attributes.size < MOST_ATTRIBUTES ? take(NAME) : undefined;
    if (attribute === undefined || attributes.has(attribute)) return null;
    take(BLANKS);
    if (text[at++] !== '=') return null;
    take(BLANKS);
    const quote = text[at];
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : -1;
    const raw = end < 0 ? '<' : text.slice(at + 1, end);
    const value = raw.includes('<') ? null : decoded(raw);
    if (value === null) return null;
    attributes.set(attribute, value);
    at = end + 1;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with its references resolved; `null` if one is unknown, as every declared entity is. */
function decoded(text: string): string | null {
  if (!text.includes('&')) return text;
  let isSound = true;
  const undone = text.replace(/&([^;&]{0,12};?)/g, (_, reference: string) => {
    const [, hex, digits] = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));$/.exec(reference) ?? [];
    const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
    const character = reference.startsWith('#')
      ? code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) && String.fromCodePoint(code)
      : reference.endsWith(';') && ENTITIES[reference.slice(0, -1)];
    if (!character) isSound = false;
    return character || '';
  });
  return isSound ? undone : null;
}
