/** The text of a quoted EQL string, by the escapes that its grammar has. */
export function readEqlString(literal: string): string {
  const inside = /^"((?:[^"\\\r\n]|\\u\{[0-9a-f]{2,8}\}|\\[btnfr"'\\])*)"$/.exec(literal)?.[1];
  if (inside === undefined) throw new Error(`EQL: ${literal}`);
  return inside.replace(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, code?: string, letter?: string) =>
    code === undefined
      ? ({ b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }[letter!] ?? letter!)
      : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
