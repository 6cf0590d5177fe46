/**
 * The commands of a cmd.exe line, as it would start them: split at `&`, `&&`, `|`, `||` outside quotes, with carets,
 * redirections, `@`, parentheses, `call` and `start` removed. Microsoft Learn, "cmd" and "start".
 */
export function shellCommands(line: string): readonly string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"') isQuoted = !isQuoted;
    if (character === '^' && !isQuoted) {
      if (at + 1 < line.length) piece.push(line[++at]!);
    } else if (!isQuoted && (character === '&' || character === '|' || character === '\n')) {
      pieces.push(piece.join(''));
      piece = [];
    } else piece.push(character);
  }
  pieces.push(piece.join(''));
  return pieces.map(withoutPrefix).filter(text => text !== '');
}

/** Built into cmd.exe, which starts nothing for them. */
const BUILT_IN =
  /^(echo|set|cd|chdir|cls|exit|rem|title|pushd|popd|ver|vol|prompt|path|color|if|goto|type|copy|del|erase|move|md|mkdir|rd|rmdir|ren|dir|timeout|assoc|ftype|date|time|setlocal|endlocal|shift|pause|break|verify|mklink)([\s.(/\\]|$)/i;

/** `if exist C:\\a.bat …` and `for … do …` contain the command that runs. */
const CONDITION =
  /^if\s+(\/i\s+)?(not\s+)?((exist|defined|errorlevel|cmdextversion)\s+("[^"]*"|\S+)|("[^"]*"|[^\s"=]+)\s*(==|\s(equ|neq|lss|leq|gtr|geq)\s)\s*("[^"]*"|\S+))\s*/i;
const LOOP = /^for\s.{0,512}?\sdo\s+/i;

function withoutPrefix(text: string): string {
  let rest = text.replace(/^[\s@(]+/, '').trimEnd();
  rest = rest
    .replace(CONDITION, '')
    .replace(LOOP, '')
    .replace(/^[\s@(]+/, '');
  if (/^call\s/i.test(rest)) rest = rest.slice(5).trimStart();
  if (/^start(\s|$)/i.test(rest)) rest = afterStart(rest.slice(5).trimStart());
  return BUILT_IN.test(rest) ? '' : rest;
}

/** `start ["title"] [/d path] [/switches] program`: a first word in quotes is the window's title. */
function afterStart(text: string): string {
  let rest = text;
  if (rest.startsWith('"')) {
    const end = rest.indexOf('"', 1);
    const behind = end < 0 ? '' : rest.slice(end + 1).trimStart();
    if (behind !== '') rest = behind;
  }
  for (let count = 0; count < 16 && rest.startsWith('/'); count++) {
    const folder = /^\/d\s*("[^"]*"?|\S+)\s*/i.exec(rest);
    rest = folder ? rest.slice(folder[0].length) : rest.replace(/^\S+\s*/, '');
  }
  return rest;
}
