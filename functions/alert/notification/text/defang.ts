import { isTopLevelDomain } from '../../detection/index.ts';
import { runsOf } from './runs.ts';

/**
 * What mail and chat programs turn into links, by offset: the colon of a scheme, the dots of a host, the two
 * backslashes that begin a UNC path. Names of files and their paths stay unchanged.
 */
export function defangedIn(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { index } of text.matchAll(/\\\\/g)) {
    if (isAtStart(text, index)) found.set(index, '\\\\');
  }
  const isInPath = pathsOf(text);
  for (const { run: word, index } of runsOf(text, /[\p{L}\p{N}_.-]{1,4096}/gu)) {
    const end = index + word.length;
    if (text[end] === ':' && isScheme(word, text.slice(end + 1, end + 3))) found.set(end, ':');
    const isServer =
      found.get(index - 2) === '\\\\' || /(\/\/|\\UNC\\)$/i.test(text.slice(Math.max(0, index - 5), index));
    if (!word.includes('.') || !(isServer || (isHost(word) && !isInPath(index)))) continue;
    for (let at = word.indexOf('.'); at >= 0; at = word.indexOf('.', at + 1)) found.set(index + at, '.');
  }
  return found;
}

/** Not within a path, where `\\` is a doubled separator, nor after a drive. */
function isAtStart(text: string, at: number): boolean {
  if (at === 0) return true;
  if (text[at - 1] === ':') return !/(^|[^\p{L}\p{N}])[A-Za-z]:$/u.test(text.slice(Math.max(0, at - 3), at));
  return !/[\p{L}\p{N}_.$%*)\\-]/u.test(text[at - 1]!);
}

function isScheme(word: string, after: string): boolean {
  if (/^(\/\/|\\\\)/.test(after)) return word.length > 1;
  const [scheme] = /[A-Za-z][A-Za-z0-9-]+$/.exec(word) ?? [];
  if (scheme === undefined || after === '' || /^\s/.test(after)) return false;
  const before = word.at(-scheme.length - 1);
  return before === undefined || !/[A-Za-z0-9._-]/.test(before);
}

/**
 * Whether a word, for ascending offsets, is an element of a path that begins with a drive, a variable or Windows' own
 * folder.
 */
function pathsOf(text: string): (at: number) => boolean {
  const paths = text.matchAll(/(?:[A-Za-z]:|%[^%\s"\\]{1,64}%|\\SystemRoot)\\[^"<>|*?\r\n]*/g);
  let path = paths.next().value;
  return at => {
    while (path && path.index + path[0].length <= at) path = paths.next().value;
    return path !== undefined && path.index < at && text[at - 1] === '\\';
  };
}

function isHost(word: string): boolean {
  const labels = word.split('.').filter(label => label !== '');
  const last = labels.at(-1);
  if (last === undefined || labels.length < 2) return false;
  if (/^www$/i.test(labels[0]!)) return true;
  // 10.0.22631.4460 is a version of Windows, not an address.
  if (/^\d+$/.test(last)) return labels.length >= 4 && labels.every(label => /^\d{1,3}$/.test(label));
  return (isTopLevelDomain(last) || RESERVED.test(last)) && !FILE_ENDINGS.has(last.toLowerCase());
}

/** Punycode, and names outside IANA's list that programs link anyway. */
const RESERVED = /^(?:xn--.+|example|onion|test|local|internal|lan|corp|home)$/i;

/** File extensions that are not top-level domains. `com`, `zip` or `sh` are, and only a path distinguishes them. */
const FILE_ENDINGS = new Set(
  (
    'exe dll sys bat cmd vbs vbe js jse wsf wsh hta msi msp mst msc msu scr pif cpl lnk url txt log dat ini tmp inf ' +
    'ocx drv mui tlb bin xml json ndjson csv config manifest doc docx docm xls xlsx xlsm xll ppt pptx pptm pdf rtf ' +
    'jar php asp aspx jsp ps psm psd reg nls efi cat png jpg jpeg gif bmp ico htm html gz zst tgz tar evtx etl db iso img vhd vhdx bak'
  ).split(' '),
);
