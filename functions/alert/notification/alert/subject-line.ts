import { type Alert, isOwnShell, type PayloadCommand } from '../../detection/index.ts';
import type { RenderOptions } from '../options.ts';
import { actOf, isDeletion } from '../queries/event-act.ts';

const LONGEST = 99;
const SUFFIX = ' (registry-alert)';

/**
 * The parts of a subject. Texts from the event have passed the allowlist, and are complete or end in `~` and a hash.
 */
export type SubjectParts = {
  /** `[high] suspicious` */
  readonly opening: string;
  /** The location in two words, or the name of a rule without locations. */
  readonly where: string;
  /** The name of the value, or of the service; `null` if the location has only one name. */
  readonly name: string | null;
  /** The program with its most distinctive argument; `null`: no data. */
  readonly program: string | null;
  readonly host: string | null;
};

type Hash = RenderOptions['sha256'];

/**
 * Most characters of the name, the program, the host and the name of a rule without locations, from wide to narrow: the
 * first that fits is used.
 */
const WIDTHS: readonly [Widths, ...Widths[]] = [
  [24, 32, 32, 40],
  [24, 32, 24, 28],
  [20, 32, 24, 28],
  [18, 26, 20, 28],
  [14, 20, 16, 20],
  [10, 14, 12, 20],
  [8, 9, 9, 20],
];

/**
 * ASCII English in every language, at most 99 characters:
 * `[high] suspicious: Run key "Updater" -> rundll32.exe a.dll on FIN-WS-042`. Alerts that differ in location, name,
 * program or host differ here.
 */
export function subjectOf(alert: Alert, { sha256 }: Pick<RenderOptions, 'sha256'>): string {
  return subjectWithin(widths => subjectText(subjectParts(alert, sha256, widths)));
}

type Widths = readonly [name: number, program: number, host: number, rule: number];

/** The widest subject that fits; otherwise the narrowest, truncated. */
export const subjectWithin = (textOf: (widths: Widths) => string): string =>
  fittingSubject(textOf) ?? textOf(WIDTHS.at(-1)!).slice(0, LONGEST);

export const fittingSubject = (textOf: (widths: Widths) => string): string | undefined =>
  WIDTHS.map(textOf).find(subject => subject.length <= LONGEST);

/** The parts with `widths` characters for name, program, host and rule. */
export function subjectParts(
  alert: Alert,
  sha256: Hash,
  [ofName, ofProgram, ofHost, ofRule]: Widths = WIDTHS[0],
): SubjectParts {
  const { assessment, facts, location, rule } = alert;
  const name = nameOf(alert);
  const host = facts.hostName ?? facts.hostId;
  return {
    opening: `[${rule.severity}] ${levelWord(assessment.level)}${alert.repeated ? ', again' : ''}${isDeletion(alert) ? ', deleted' : ''}`,
    where: location?.text.en.subject ?? shownIn(rule.name.en, ofRule, sha256),
    name: name === null ? null : shownIn(name, ofName, sha256),
    program: programOf(alert, ofProgram, sha256),
    host: host === null ? null : hostIn(host, facts.hostIps, ofHost, sha256),
  };
}

/** Of a name that ASCII cannot show, the host's address and the hash of the name. */
function hostIn(name: string, addresses: readonly string[], most: number, sha256: Hash): string {
  const address = addresses.find(
    text => /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && !/^(169\.254|127)\./.test(text),
  );
  return /[^\x20-\x7e]/.test(name) && address !== undefined
    ? marked(address, Math.max(most, LONGEST_ADDRESS), name, sha256)
    : shownIn(name, most, sha256);
}

const LONGEST_ADDRESS = '255.255.255.255~hash'.length;

function subjectText({ opening, where, name, program, host }: SubjectParts): string {
  const what = `${where}${name === null ? '' : ` "${name}"`}${program === null ? '' : ` -> ${program}`}`;
  return `${opening}: ${what}${host === null ? '' : ` on ${host}`}`;
}

/** The level as shown by a subject and a filter: likely administration is one. */
export const levelWord = (level: Alert['assessment']['level']): string =>
  level === 'administration' ? 'administration?' : level;

/** A host name that may be in an attribute unchanged. */
export function plainHost({ facts }: Alert): string | null {
  const { hostName } = facts;
  return hostName !== null && /^[A-Za-z0-9._-]{1,32}$/.test(hostName) ? hostName : null;
}

const NAMELESS = '(no name)';

/** The service's name, else the value's, if the location has more than one. */
function nameOf(alert: Alert): string | null {
  if (actOf(alert) !== null) return null;
  const { facts, isDocumented, location } = alert;
  if (facts.service !== null) return facts.service;
  const isFixed = location !== null && isDocumented && location.value !== '*';
  return isFixed ? null : facts.registry.value === '' ? NAMELESS : facts.registry.value;
}

/** The command line without the folder of the program; every string counts. */
function programOf(alert: Alert, most: number, sha256: Hash): string | null {
  const { facts, payload } = alert;
  const act = actOf(alert);
  if (act !== null) return act.what === null ? null : shownIn(act.what, most, sha256);
  const { data } = facts.registry;
  const whole = data.length === 1 ? data[0]! : data.map(text => `${text.length}:${text}`).join(' ');
  if (data.length === 0 || data.every(text => text.trim() === '')) return null;
  const command = shownCommand(alert);
  const line = (payload.commands[0]?.original ?? data[0]!).trim();
  if (data.length === 1 && line === whole.trim() && isPlain(line, most)) return line;
  return marked(command === undefined ? line : tellingOf(alert, command), most, whole, sha256);
}

/** The one to show of several: what `cmd /c` starts, and in a list of shells what Windows does not start anyway. */
function shownCommand({ payload: { commands, form } }: Alert): PayloadCommand | undefined {
  const [outer] = commands;
  if (form === 'shell') return commands.find(command => !isOwnShell(command)) ?? outer;
  return (outer !== undefined && /^(cmd|conhost)\.exe$/i.test(outer.program) && commands[1]) || outer;
}

/**
 * The program that finally runs, with its most distinctive argument:
 * the name of the script or library that is run; `encoded` in place of base64.
 */
function tellingOf({ payload: { decoded } }: Alert, command: PayloadCommand): string {
  const { program, arguments: rest, script, library } = command;
  if (/^(powershell|pwsh)\.exe$/i.test(program) && decoded.length > 0) {
    return `${program} encoded`;
  }
  const file = script ?? library;
  if (command.path === file) return `${program} ${rest}`;
  if (file === null || !/^[a-z]:\\|^%/i.test(file)) return `${program} ${rest}`;
  return [program, file.slice(file.lastIndexOf('\\') + 1), command.export ?? ''].join(' ');
}

const isPlain = (text: string, most: number): boolean =>
  text !== '' &&
  text.length <= most &&
  !FORBIDDEN.test(text) &&
  !text.includes('://') &&
  !/^[\\ ]|[ ]$| {2}|~/.test(text);

/** Everything but letters, digits and a few signs. */
const FORBIDDEN = /[^A-Za-z0-9._~\\/: -]/;

/** The text itself if it is short and harmless, else its beginning and a hash of all of it. */
export const shownIn = (text: string, most: number, sha256: Hash): string =>
  isPlain(text, most) || text === NAMELESS ? text : marked(text, most, text, sha256);

function marked(text: string, most: number, whole: string, sha256: Hash): string {
  const kept = text
    .slice(0, 200)
    .replace(/[^A-Za-z0-9._\\/: -]+/g, ' ')
    .replace(/:\/+/g, ':')
    .replace(/ {2,}/g, ' ')
    .replace(/^[\\ ]+/, '')
    .slice(0, most - HASH_LENGTH - 1)
    .trimEnd();
  return `${kept}~${hashOf(whole, sha256)}`;
}

const HASH_LENGTH = 4;

/** Four letters or digits: among 200 texts two collide once in 84 times. */
function hashOf(text: string, sha256: Hash): string {
  const number = Number.parseInt(sha256(text).slice(0, 12), 16) % 36 ** HASH_LENGTH;
  return number.toString(36).padStart(HASH_LENGTH, '0');
}

/** The name of the sender after the subject of a notice, if it fits. */
export function withSuffix(subject: string): string {
  const cut = subject.slice(0, LONGEST);
  return cut.length + SUFFIX.length <= LONGEST ? cut + SUFFIX : cut;
}
