import { programNameOf, type Word, wordsOf } from './command-line.ts';
import { shellCommands } from './shell-commands.ts';

/** What is known of a program's arguments; `inner` are command lines that it starts. */
export type ProgramArguments = {
  readonly library: string | null;
  readonly export: string | null;
  readonly script: string | null;
  readonly url: string | null;
  readonly inner: readonly string[];
};

type Reading = Partial<ProgramArguments>;
type Read = (rest: string, words: readonly Word[]) => Reading;

/**
 * Reads the arguments of Windows programs that run something else. Sources: Microsoft Learn (rundll32, regsvr32,
 * msiexec, cscript, cmd, about_PowerShell_exe); LOLBAS for mshta, conhost, pcalua and forfiles.
 */
export function argumentsOf(path: string, rest: string): ProgramArguments {
  const name = programNameOf(path).replace(/\.exe$/, '');
  const words = wordsOf(rest);
  const reading = (READERS.get(name) ?? anyProgram)(rest, words);
  const self = isScript(path) ? path : null;
  return {
    library: reading.library ?? null,
    export: reading.export ?? null,
    script: reading.script ?? self,
    url: reading.url ?? urlIn(rest) ?? null,
    inner: reading.inner ?? [],
  };
}

const SCRIPT =
  /\.(vbs|vbe|js|jse|wsf|wsh|ps1|psm1|hta|bat|cmd|py|pyw|msi|sct|inf|xsl|jar|rb|pl|lua|au3|ahk|cpl|chm)$/i;

const isScript = (path: string): boolean => SCRIPT.test(path.slice(-8));

const isSwitch = ({ text }: Word): boolean => /^[-/]/.test(text);

function urlIn(text: string): string | undefined {
  return /\b(?:https?|ftp|file|webdav):[/\\]{2}[^\s"'<>|)]{1,2048}/i.exec(text)?.[0];
}

/** `-sta {CLSID}` and the like. */
const COM_SWITCH = /[-/](?:sta|localserver)\b\S*\s*(?:\{[^}]{0,64}\}\s*)?/iy;

/** `rundll32 library,export arguments`; the comma may be a space, and the library may be script text. */
const rundll32: Read = rest => {
  let from = 0;
  for (; ; from = COM_SWITCH.lastIndex) {
    COM_SWITCH.lastIndex = from;
    if (!COM_SWITCH.test(rest)) break;
  }
  const text = rest.slice(from);
  if (/^"?\s*(javascript|vbscript):/i.test(text)) return { script: text, library: 'mshtml' };
  const quoted = /^"([^"]*)"?/.exec(text);
  const library = quoted?.[1] ?? /^[^,\s]*/.exec(text)![0];
  const inside = quoted && library.includes(',') ? library.indexOf(',') : -1;
  const behind = inside < 0 ? text.slice(quoted?.[0].length ?? library.length) : library.slice(inside);
  const name = /^[\s,]+([^\s,"]+)/.exec(behind)?.[1] ?? null;
  const file = inside < 0 ? library : library.slice(0, inside);
  return file === '' ? {} : { library: file, export: name, ...scriptBehind(behind) };
};

/** A script or package among what follows an export: `advpack.dll,LaunchINFSection x.inf`. */
function scriptBehind(text: string): Reading {
  const script = text.split(/[\s,"]+/, 32).find(word => isScript(word));
  return script === undefined ? {} : { script };
}

const regsvr32: Read = (_, words) => {
  const library = words.find(word => !isSwitch(word))?.text ?? null;
  const install = words.find(word => /^[-/]i:/i.test(word.text))?.text.slice(3) ?? null;
  return { library, script: install, export: null };
};

const mshta: Read = rest => ({ script: rest.replace(/^"([^"]*)"?.*$/s, '$1') || null });

/** The package after `/i`, `/package`, `/a`, `/p` and so on, or the library after `/y` and `/z`. */
const msiexec: Read = (_, words) => {
  for (const [at, { text }] of words.entries()) {
    const [, name, attached] = /^[-/](package|update|uninstall|[iapfxyz])(.*)$/is.exec(text) ?? [];
    if (name === undefined || /^[a-z!*+]{2,}$/i.test(attached!)) continue;
    const given = attached!.replace(/^:/, '') || words[at + 1]?.text;
    if (given === undefined) continue;
    return /^[yz]$/i.test(name) ? { library: given } : { script: given };
  }
  return {};
};

const scriptHost: Read = (_, words) => ({ script: words.find(word => !isSwitch(word))?.text ?? null });

/** PowerShell accepts any prefix of a parameter's name, with `-`, `/` or a Unicode dash before it. */
const powershell: Read = (_, words) => {
  let isValue = false;
  for (const [at, { text }] of words.entries()) {
    if (isValue) {
      isValue = false;
      continue;
    }
    const [, name] = /^[-/\u2013\u2014\u2015]([a-z]+)$/i.exec(text) ?? [];
    if (name === undefined) {
      if (/^[-/\u2013\u2014\u2015]/.test(text)) continue;
      return isScript(text) ? { script: text.replace(/^\.[\\/]/, '') } : {};
    }
    const folded = name.toLowerCase();
    if ('file'.startsWith(folded)) return { script: words[at + 1]?.text ?? null };
    if ('command'.startsWith(folded) || isEncodedSwitch(folded)) return {};
    isValue = /^(w|ex|ep$|ve|v$|ps|in|i$|if$|o|config|set|wo)/.test(folded) && folded !== 'interactive';
  }
  return {};
};

/** `-e`, `-ec`, `-en`, `-enc` … `-EncodedCommand`, as PowerShell abbreviates it; not `-ep`, `-ex…`. */
export const isEncodedSwitch = (name: string): boolean =>
  name === 'ec' || (name !== '' && 'encodedcommand'.startsWith(name));

/** What follows `/c`, `/k` or `/r`, with its outer quotes removed as cmd.exe does. */
const cmd: Read = rest => {
  const start = /(?:^|[\s/])\/?[ckr](?=[\s"]|$)|\/[ckr]/i.exec(rest.slice(0, 512));
  const at = switchEnd(rest);
  if (at < 0 || !start) return {};
  const text = rest.slice(at).trim();
  const last = text.lastIndexOf('"');
  const line =
    text.startsWith('"') && last > 0 && (last === text.length - 1 || !isOnePath(text, last))
      ? text.slice(1, last) + text.slice(last + 1)
      : text;
  return { inner: shellCommands(line) };
};

/** After the first `/c`, `/k` or `/r`; `-1`: there is none. */
function switchEnd(rest: string): number {
  const found = /(^|[\s"])(?:\/[a-z](?::[a-z]+)?)*\/[ckr]/i.exec(rest.slice(0, 1024));
  return found ? found.index + found[0].length : -1;
}

/** Two quotes around one path are kept: cmd.exe removes the outer ones only from a line with more. */
function isOnePath(text: string, last: number): boolean {
  return text.indexOf('"', 1) === last && !/[&<>()@^|]/.test(text.slice(1, last));
}

const firstProgram: Read = (rest, words) => {
  const first = words.find(word => !isSwitch(word));
  return first ? { inner: [rest.slice(first.from)] } : {};
};

const behindSwitch =
  (name: RegExp): Read =>
  (rest, words) => {
    const at = words.findIndex(word => name.test(word.text));
    const next = words[at + 1];
    return at < 0 || !next ? {} : { inner: [next.text.includes(' ') ? next.text : rest.slice(next.from)] };
  };

const anyProgram: Read = (_, words) => ({
  script: words.find(({ text }) => isScript(text) && !/^[-/]/.test(text))?.text ?? null,
});

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['rundll32', rundll32],
  ['regsvr32', regsvr32],
  ['mshta', mshta],
  ['msiexec', msiexec],
  ['wscript', scriptHost],
  ['cscript', scriptHost],
  ['powershell', powershell],
  ['pwsh', powershell],
  ['cmd', cmd],
  ['conhost', firstProgram],
  ['explorer', firstProgram],
  ['pcalua', behindSwitch(/^-a$/i)],
  ['forfiles', behindSwitch(/^\/c$/i)],
]);
