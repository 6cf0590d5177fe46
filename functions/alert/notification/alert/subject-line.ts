import type { Alert } from '../../detection/index.ts';

const LONGEST = 99;
const SUFFIX = ' (registry-alert)';

/** A host that may stand in a subject line as it is. */
export function plainHost({ facts }: Alert): string | null {
  const { hostName } = facts;
  return hostName !== null && /^[A-Za-z0-9._-]{1,32}$/.test(hostName) ? hostName : null;
}

/** What happened, of constants of the rule alone. */
export function whatHappened({ location, rule }: Alert): string {
  const ascii = rule.name.en.replace(/[^\x20-\x7e]+/g, '?').slice(0, 60);
  return location === null ? ascii : `WMI wrote ${location.text.en.subject}`;
}

/** ASCII English in every language, under 100 characters: `[high] WMI wrote an autorun on FIN-WS-042 (registry-alert)`. */
export function subjectOf(alert: Alert): string {
  const host = plainHost(alert);
  return withSuffix(`[${alert.rule.severity}] ${whatHappened(alert)}${host === null ? '' : ` on ${host}`}`);
}

/** The name of the sender behind a subject, where there is room for it. */
export function withSuffix(subject: string): string {
  const shown = subject.slice(0, LONGEST);
  return shown.length + SUFFIX.length <= LONGEST ? shown + SUFFIX : shown;
}
