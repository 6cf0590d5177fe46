const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';
/** A sum of strings and characters, all of them constants. */
const SUM = /\('\?'(?: \+ (?:'\?'|\[char\]0x[0-9a-f]{2,4}))+\)|'\?'/g;

/**
 * The single-quoted strings of a PowerShell command by the rules of its tokenizer: five characters open and close
 * such a string, two in a row are one of them, nothing else is special. Double-quoted strings and comments stay code.
 */
export function readPowerShell(text: string): {
  readonly strings: readonly string[];
  readonly skeleton: string;
} {
  const strings: string[] = [];
  let skeleton = '';
  for (let at = 0; at < text.length; at++) {
    if (DOUBLE.includes(text[at]!)) {
      const end = text.indexOf('"', at + 1);
      if (end < 0) throw new Error(`PowerShell: a string without end in ${text}`);
      skeleton += text.slice(at, end + 1);
      at = end;
    } else if (SINGLE.includes(text[at]!)) {
      let value = '';
      for (at++; ; at++) {
        if (at >= text.length) throw new Error(`PowerShell: a string without end in ${text}`);
        if (!SINGLE.includes(text[at]!)) value += text[at];
        else if (at + 1 < text.length && SINGLE.includes(text[at + 1]!)) value += text[at++];
        else break;
      }
      strings.push(value);
      skeleton += "'?'";
    } else skeleton += text[at];
  }
  const sums: string[] = [];
  let next = 0;
  const reduced = skeleton.replace(SUM, sum => {
    const terms = sum.replace(/^\(|\)$/g, '').split(' + ');
    sums.push(
      terms
        .map(term =>
          term === "'?'" ? strings[next++]! : String.fromCharCode(Number.parseInt(term.slice(8), 16)),
        )
        .join(''),
    );
    return "'?'";
  });
  return { strings: sums, skeleton: reduced };
}
