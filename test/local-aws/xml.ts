/** An element of a document: enough for the bodies that the SDK sends and the local AWS answers. */
export type Element = {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
};

/** What can become XML: an array repeats its element, `undefined` leaves it out. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

export function writeXml(root: string, content: XmlValue, namespace?: string): string {
  const opening = namespace ? `${root} xmlns="${namespace}"` : root;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${opening}>${inner(content)}</${root}>`;
}

function inner(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .flatMap(([name, child]) =>
      (Array.isArray(child) ? child : [child])
        .filter(item => item !== undefined)
        .map(item => `<${name}>${inner(item as XmlValue)}</${name}>`),
    )
    .join('');
}

/** XML 1.0 has no way to write most control characters; S3 writes them as references all the same. */
function escapeXml(text: string): string {
  return text.replace(
    /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/g,
    character => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads a document without attributes, comments or CDATA; throws where it is not well-formed. */
export function readXml(document: string): Element {
  type Open = { name: string; text: string; children: Element[] };
  const top: Open = { name: '', text: '', children: [] };
  const open: Open[] = [top];
  let at = 0;
  for (const tag of document.matchAll(/<([?!/]?)([^\s/>?]*)([^>]*?)(\/?)>/g)) {
    const [whole, sign, name, , close] = tag;
    open.at(-1)!.text += unescapeXml(document.slice(at, tag.index));
    at = tag.index + whole.length;
    if (sign === '?' || sign === '!') continue;
    if (sign === '/') {
      const done = open.pop()!;
      if (done.name !== name || open.length === 0) throw new Error(`</${name}> closes <${done.name}>`);
      open.at(-1)!.children.push(done);
    } else if (close === '/') open.at(-1)!.children.push({ name: name!, text: '', children: [] });
    else open.push({ name: name!, text: '', children: [] });
  }
  const root = top.children[0];
  if (open.length !== 1 || !root) throw new Error('the document has no closed root element');
  return root;
}

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return CHARACTERS[name] ?? whole;
  });
}

export function childrenOf(element: Element, name: string): readonly Element[] {
  return element.children.filter(child => child.name === name);
}

export function textOf(element: Element, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}
