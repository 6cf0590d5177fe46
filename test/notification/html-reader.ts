import { unescape as unescapeHtml } from 'html-escaper';

/** The contents of a page: its elements with their attributes, and its text as a reader sees it. */
export type Page = {
  readonly elements: readonly { readonly name: string; readonly attributes: ReadonlyMap<string, string> }[];
  readonly text: string;
  /** Text of the elements that mark data. */
  readonly data: readonly string[];
};

const TOKEN = /<!doctype html>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?: [a-z-]+(?:="[^"]*")?)*)>|([^<]+)/gy;

/** Reads a page of ours, strictly: anything but the plainest HTML is an error. */
export function readPage(html: string): Page {
  const elements: { name: string; attributes: Map<string, string> }[] = [];
  const texts: string[] = [];
  const data: string[] = [];
  const open: string[] = [];
  let isStyle = false;
  let isData = false;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(html);
    if (!token) throw new Error(`no HTML of ours at ${at}: ${JSON.stringify(html.slice(at, at + 80))}`);
    const [, closed, opened, written = '', text] = token;
    if (closed !== undefined) {
      if (open.pop() !== closed) throw new Error(`</${closed}> closes nothing at ${at}`);
      isStyle = false;
      isData = false;
      if (BLOCKS.has(closed)) texts.push('\n');
    } else if (opened !== undefined) {
      const attributes = new Map(
        Array.from(written.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g), match => [
          match[1]!,
          unescapeHtml(match[2] ?? ''),
        ]),
      );
      elements.push({ name: opened, attributes });
      if (!VOID.has(opened)) open.push(opened);
      isStyle = opened === 'style';
      isData = opened === 'code' && /\bdata\b/.test(attributes.get('class') ?? '');
      if (isData) data.push('');
    } else if (text !== undefined && !isStyle) {
      if (/&(?!amp;|lt;|gt;|quot;|#39;)/.test(text)) throw new Error(`an entity of another kind at ${at}`);
      texts.push(unescapeHtml(text));
      if (isData) data.push(data.pop()! + unescapeHtml(text));
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return { elements, text: texts.join(''), data };
}

const VOID = new Set(['meta', 'br', 'hr']);
const BLOCKS = new Set(['p', 'li', 'dd', 'dt', 'h1', 'h2', 'h3', 'pre', 'small', 'figcaption', 'section']);
