import type { TimeRange } from './time-window.ts';

/** Some mail programs and proxies truncate longer links. */
const LONGEST_LINK = 2000;

/**
 * A link that opens a KQL query in Discover, with its time range. `base` is Kibana's address, with the space unless it
 * is the default one. `undefined` if the link would be too long.
 */
export function discoverLink(base: string, kql: string, range: TimeRange, index: string): string | undefined {
  const global = `(time:(from:${risonText(range.from)},to:${risonText(range.to)}))`;
  const app = `(index:${risonText(dataViewOf(base, index))},query:(language:kuery,query:${risonText(kql)}))`;
  const link = `${base.replace(/\/+$/, '')}/app/discover#/?_g=${encode(global)}&_a=${encode(app)}`;
  return link.length > LONGEST_LINK ? undefined : link;
}

/**
 * Discover takes the id of a data view, not an index pattern. Fleet creates one called `logs-*`; for everything else
 * (alerts, Endgame) the one is used that the Security app creates for each space.
 */
function dataViewOf(base: string, index: string): string {
  if (index.startsWith('logs-')) return 'logs-*';
  const space = /\/s\/([a-z0-9_-]+)\/*$/.exec(base)?.[1] ?? 'default';
  return `security-solution-${space}`;
}

/** A string in Rison, the notation of Kibana's links. */
const risonText = (text: string): string => `'${text.replace(/[!']/g, '!$&')}'`;

/** Percent-encoded so that no mail program ends the link early, including parentheses and quotes. */
function encode(rison: string): string {
  return encodeURIComponent(rison).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
