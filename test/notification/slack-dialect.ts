/** A piece of a chat message as Slack would show it. */
export type Shown =
  | { readonly kind: 'text'; readonly text: string; readonly styles: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly address: string; readonly label: string }
  | { readonly kind: 'mention'; readonly text: string };

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

const decoded = (text: string): string => text.replace(/&(amp|lt|gt);/g, entity => ENTITIES[entity]!);

/**
 * Reads a message in Slack's dialect, a little more eagerly than Slack: code spans, control sequences in `<…>`, bare
 * addresses that it would make links of, and bold, italic and struck text.
 */
export function slackRender(message: string): Shown[] {
  return message.split('\n').flatMap(renderLine);
}

function renderLine(line: string): Shown[] {
  const shown: Shown[] = [];
  let rest = line;
  while (rest !== '') {
    const [piece, length] = nextPiece(rest);
    shown.push(...piece);
    rest = rest.slice(length);
  }
  return shown;
}

function nextPiece(text: string): [readonly Shown[], number] {
  const control = /^<([^<>]*)>/.exec(text);
  if (control) return [[controlOf(control[1]!)], control[0].length];
  const code = /^`([^`\n]+)`/.exec(text);
  if (code) {
    // Slack reads control sequences even in code.
    const inside = code[1]!.split(/(<[^<>]*>)/).filter(part => part !== '');
    return [
      inside.map(part =>
        part.startsWith('<') ? controlOf(part.slice(1, -1)) : { kind: 'code', text: decoded(part) },
      ),
      code[0].length,
    ];
  }
  const plain = /^[^<`]+|^[<`]/.exec(text)![0];
  return [plainPieces(plain), plain.length];
}

function controlOf(content: string): Shown {
  if (/^[!@#]/.test(content)) return { kind: 'mention', text: content };
  const [address = '', label = ''] = content.split('|');
  return { kind: 'link', address: decoded(address), label: decoded(label) };
}

const STYLES: readonly (readonly [string, RegExp])[] = [
  ['bold', /(^|[\s(])\*([^*\n]+)\*(?=$|[\s).,:;/])/],
  ['italic', /(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;])/],
  ['struck', /(^|[\s(])~([^~\n]+)~(?=$|[\s).,:;])/],
];

function plainPieces(text: string): Shown[] {
  const bare = /\b(https?:\/\/|www\.)[^\s]+|\b[\w.-]+@[\w-]+\.\w+/.exec(text);
  if (bare) {
    return [
      ...plainPieces(text.slice(0, bare.index)),
      { kind: 'link', address: bare[0], label: bare[0] },
      ...plainPieces(text.slice(bare.index + bare[0].length)),
    ];
  }
  for (const [style, pattern] of STYLES) {
    const found = pattern.exec(text);
    if (!found) continue;
    const start = found.index + found[1]!.length;
    return [
      ...plainPieces(text.slice(0, start)),
      { kind: 'text', text: decoded(found[2]!), styles: [style] },
      ...plainPieces(text.slice(start + found[2]!.length + 2)),
    ];
  }
  return text === '' ? [] : [{ kind: 'text', text: decoded(text), styles: [] }];
}
