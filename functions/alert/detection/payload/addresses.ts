import tlds from 'tlds' with { type: 'json' };
import { readAddress } from '../../eql/index.ts';

/** An address in the data or the decoded text, and its defanged form, which nothing turns into a link. */
export type Address = {
  readonly kind: 'url' | 'unc' | 'ipv4' | 'ipv6' | 'domain';
  readonly text: string;
  /** `hxxp://10.10.10[.]5/n.ps1` */
  readonly defanged: string;
};

const MOST_ADDRESSES = 32;

/**
 * Addresses in the texts, each once, in the order found. Conservative: a name with dots is a domain only if it is
 * a word of its own and ends in an existing top-level domain, so `Net.WebClient`, `JOHN~1.GUS` and `a.ps1` are not.
 */
export function addressesIn(texts: readonly string[]): {
  readonly found: readonly Address[];
  readonly isPartial: boolean;
} {
  const found = new Map<string, Address>();
  for (const text of texts) {
    for (const { 0: whole, 1: url, 2: unc, 3: word } of text.matchAll(CANDIDATE)) {
      const address = url !== undefined ? urlOf(url) : unc !== undefined ? uncOf(unc) : wordOf(word ?? whole);
      if (address === null || found.has(address.text)) continue;
      if (found.size >= MOST_ADDRESSES) return { found: [...found.values()], isPartial: true };
      found.set(address.text, address);
    }
  }
  return { found: [...found.values()], isPartial: false };
}

/** A URL, a UNC path (with `//` only if a share follows), or a word of the characters of names and numbers, in one pass. */
const CANDIDATE =
  /\b((?:https?|ftp|webdav):[/\\]{2}(?:\[[0-9a-f:.]{2,45}\])?[^\s"'<>|`)\]}]{0,2048})|(?<![^\s"'=,;(:])((?:\\\\|\/\/(?=[^\\/\s"']{1,255}[\\/]))[^\\/\s"'?.,;][^\s"'<>|]{0,1024})|(?<![^\s"'=,;([@])([0-9A-Za-z][0-9A-Za-z.:_-]{2,252})(?![^\s"'=,;)\]/])/gi;

function urlOf(text: string): Address | null {
  const url = text.replace(/[.,;:]{1,8}$/, '');
  const [, scheme = '', slashes = '', host = '', rest = ''] =
    /^([a-z]+):([/\\]{2})((?:\[[^\]]*\])?[^/\\?#]*)(.*)$/is.exec(url) ?? [];
  if (host === '') return null;
  return {
    kind: 'url',
    text: url,
    defanged: `${scheme.replace(/tt/i, 'xx')}:${slashes}${dotted(host)}${rest}`,
  };
}

const uncOf = (text: string): Address => ({ kind: 'unc', text, defanged: dotted(text) });

function wordOf(word: string): Address | null {
  const [, host = '', port = ''] = /^(.*?[^:])(:\d{1,5})?$/.exec(word) ?? [];
  const isOneColon = word.indexOf(':') === word.lastIndexOf(':');
  const name = isOneColon && port !== '' ? host : word.replace(/[.:_-]+$/, '');
  if (/^\d/.test(name) && !name.includes(':') && readAddress(name) !== null && !name.startsWith('0.')) {
    return { kind: 'ipv4', text: name, defanged: dotted(name) };
  }
  if ((name.match(/:/g)?.length ?? 0) > 1 && readAddress(name) !== null) {
    return { kind: 'ipv6', text: name, defanged: name.replaceAll(':', '[:]') };
  }
  return isDomain(name) ? { kind: 'domain', text: name, defanged: dotted(name) } : null;
}

let topLevel: ReadonlySet<string> | undefined;

/** Whether a label ends real host names (IANA's list); case-insensitive. */
export function isTopLevelDomain(label: string): boolean {
  topLevel ??= new Set(tlds);
  return topLevel.has(label.toLowerCase());
}

/** File extensions, and members of objects in scripts, that are also top-level domains. */
const AMBIGUOUS = new Set('zip sh py pl md rs ps mov app name open run cab save data post cpa'.split(' '));
const NOT_HOSTS =
  /^(wscript|cscript|this|window|document|self|console|math|json|system|shell|app|microsoft|command|format|more|mode|tree|chcp|edit|diskcomp|diskcopy|win)$/i;

function isDomain(name: string): boolean {
  const labels = name.split('.');
  const last = labels.at(-1)!;
  if (labels.length < 2 || !isTopLevelDomain(last)) return false;
  if (!labels.every(label => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/i.test(label))) return false;
  // `System.Net` is a namespace: a host name is written in a single case.
  if (last !== last.toLowerCase() && name !== name.toUpperCase()) return false;
  return labels.length > 2 || !(AMBIGUOUS.has(last.toLowerCase()) || NOT_HOSTS.test(labels[0]!));
}

const dotted = (host: string): string => host.replaceAll('.', '[.]');
