/**
 * The string constants of an ES|QL query, by the rules of its lexer: five escapes and no other, no raw line break;
 * and text with every constant taken out, so that two queries can be compared. Code outside may hold no quote.
 */
export function readEsql(text: string): { readonly strings: readonly string[]; readonly skeleton: string } {
  const strings: string[] = [];
  const token = /FROM_BASE64\("([A-Za-z0-9+/=]*)"\)|"((?:[^"\\\r\n]|\\[tnr"\\])*)"/g;
  const decoded = text.replace(token, (_, base64?: string, quoted?: string) => {
    strings.push(
      base64 !== undefined
        ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
        : quoted!.replace(/\\(.)/g, (_, letter: string) => ({ t: '\t', n: '\n', r: '\r' })[letter] ?? letter),
    );
    return '?';
  });
  // CONCAT of constants is one constant.
  let at = 0;
  const skeleton = decoded.replace(/CONCAT\((\?(?:, \?)+)\)|\?/g, (_, list?: string) => {
    const count = list === undefined ? 1 : list.split(', ').length;
    strings.splice(at, count, strings.slice(at, at + count).join(''));
    at++;
    return '?';
  });
  if (!/^[A-Za-z0-9_@.,*=<>?|()\- ]*$/.test(skeleton)) throw new Error(`ES|QL: ${skeleton}`);
  return { strings, skeleton };
}
