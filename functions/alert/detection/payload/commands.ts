import type { PayloadForm } from '../../ruleset/index.ts';
import { fileNameOf, isWellKnown, programNameOf, splitCommand } from './command-line.ts';
import { type Folder, folderOf } from './folder.ts';
import { argumentsOf } from './program-arguments.ts';
import { shellCommands } from './shell-commands.ts';
import { expandServicePath, expandVariables } from './variables.ts';

/** One thing that Windows starts or loads. Texts are as written, unless stated otherwise. */
export type PayloadCommand = {
  /** `process`: starts one; `library`: loaded by an existing process; `driver`: loaded by the kernel. */
  readonly kind: 'process' | 'library' | 'driver';
  /** The part of the data that this comes from. */
  readonly original: string;
  /** `original` with variables replaced if their value is certain; otherwise equal to it. */
  readonly expanded: string;
  /** File name of what is started or loaded, with the extension Windows adds: `rundll32.exe`. */
  readonly program: string;
  /** The file as named, expanded; `rundll32.exe` if the data gives no folder. */
  readonly path: string;
  /** Every file Windows would try up to and including `path`, in its order; several if a path contains spaces. */
  readonly candidates: readonly string[];
  /** Whether `path` is certainly the file: it has a drive or UNC root and no other candidate or variable. */
  readonly isCertain: boolean;
  /** What is actually run: the script, else the library, else `path`. */
  readonly file: string;
  readonly folder: Folder;
  /** The program's arguments, expanded. */
  readonly arguments: string;
  /** The library that it loads, and the function it calls there (rundll32, regsvr32, RunOnceEx, svchost). */
  readonly library: string | null;
  readonly export: string | null;
  /** The script or package that it runs: a path, a URL, or script text of mshta and rundll32. */
  readonly script: string | null;
  /** The first URL among its arguments. */
  readonly url: string | null;
  /** Index of the command that starts this one, such as that of `cmd /c`; `null`: Windows itself. */
  readonly startedBy: number | null;
};

const MOST_COMMANDS = 16;
const DEEPEST = 4;

type Found = { readonly found: readonly PayloadCommand[]; readonly isPartial: boolean };

/** Everything that the strings of a value make Windows run at a location of this form. */
export function commandsAt(form: PayloadForm, strings: readonly string[], value: string): Found {
  const found: PayloadCommand[] = [];
  let isPartial = false;
  const add = (command: PayloadCommand | null, depth: number): void => {
    if (command === null) return;
    if (found.length >= MOST_COMMANDS) {
      isPartial = true;
      return;
    }
    const index = found.push(command) - 1;
    const inner = innerLines(command);
    if (inner.length > 0 && depth >= DEEPEST) isPartial = true;
    else for (const line of inner) add(processOf(line, index), depth + 1);
  };
  for (const text of strings) for (const command of topLevel(form, text, value)) add(command, 0);
  return { found, isPartial };
}

function topLevel(form: PayloadForm, text: string, value: string): readonly (PayloadCommand | null)[] {
  if (text.trim() === '') return [];
  switch (form) {
    case 'none':
      return [];
    case 'dll':
      return [libraryOf(text, text, null)];
    case 'dll-list':
      return splitOutsideQuotes(text, /[,\s]/).map(library => libraryOf(library, library, null));
    case 'runonceex':
      return [runOnceEx(text, value)];
    case 'service-program':
      return [serviceProgram(text)];
    case 'cmd-line':
      return shellCommands(text).map(line => processOf(line, null));
    case 'shell':
      return splitOutsideQuotes(text, /,/).map(line => processOf(line, null));
    case 'list':
      return splitOutsideQuotes(text, /[,\s]/).map(line => processOf(line, null));
    case 'unknown':
      if (isLibraryAlone(text)) return [libraryOf(text, text, null)];
      return looksLikeCommand(text) ? [processOf(text, null)] : [];
    default:
      return [processOf(text, null)];
  }
}

/**
 * RunOnceEx (Microsoft KB 232509): `dll|function|arguments`, `||command line`; `Title`, `Flags` and captions are
 * settings.
 */
function runOnceEx(text: string, value: string): PayloadCommand | null {
  if (value === '' || /^(title|flags)$/i.test(value)) return null;
  const [dll = '', name = ''] = text.split('|', 2);
  if (!text.includes('|')) return processOf(text, null);
  if (dll.trim() === '') return processOf(text.slice(text.indexOf('|', text.indexOf('|') + 1) + 1), null);
  return libraryOf(text, dll, name.trim() || null);
}

function serviceProgram(text: string): PayloadCommand | null {
  const expanded = expandServicePath(text.trim());
  const command = processOf(expanded, null, text);
  return command && /\.sys$/i.test(command.path) ? { ...command, kind: 'driver' } : command;
}

function libraryOf(original: string, path: string, name: string | null): PayloadCommand {
  const unquoted = path.trim().replace(/^"([^"]*)"?$/, '$1');
  const expanded = expandVariables(unquoted);
  return {
    kind: 'library',
    original,
    expanded: expandVariables(original),
    program: fileNameOf(expanded),
    path: expanded,
    candidates: [expanded],
    isCertain: isWhole(expanded),
    file: expanded,
    folder: folderOf(expanded),
    arguments: '',
    library: expanded,
    export: name,
    script: null,
    url: null,
    startedBy: null,
  };
}

function processOf(line: string, startedBy: number | null, original = line): PayloadCommand | null {
  const expanded = expandVariables(line);
  const split = splitCommand(expanded);
  if (!split) return null;
  const { candidates, likely, rest, isCertain } = split;
  const { library, export: name, script, url } = argumentsOf(likely, rest);
  const file = script ?? library ?? likely;
  return {
    kind: 'process',
    original: original.trim(),
    expanded: expanded.trim(),
    program: fileNameOf(likely),
    path: likely,
    candidates,
    isCertain: isCertain && isWhole(likely),
    file,
    folder: folderOf(file),
    arguments: rest,
    library,
    export: name,
    script,
    url,
    startedBy,
  };
}

/** Command lines that a command passes on to Windows. */
function innerLines(command: PayloadCommand): readonly string[] {
  return command.kind === 'process' ? argumentsOf(command.path, command.arguments).inner : [];
}

/** A path with a drive or UNC root, nothing left to expand, and no character that is invalid in a file name. */
function isWhole(path: string): boolean {
  return /^([A-Za-z]:\\|\\\\)/.test(path) && !/[*?<>|%"]/.test(path.slice(2));
}

/** A library with nothing after it: no process starts for it. */
function isLibraryAlone(text: string): boolean {
  const split = splitCommand(expandVariables(text));
  return split !== null && split.rest.trim() === '' && /\.(dll|ocx|drv)$/i.test(split.likely);
}

/** At an undocumented location: a program's extension is written, or the name is one that Windows knows. */
function looksLikeCommand(text: string): boolean {
  const split = splitCommand(expandVariables(text));
  if (split === null) return false;
  const name = programNameOf(split.likely);
  const isWritten = /\.(exe|com|bat|cmd|scr|dll|sys|vbs|js|ps1|hta|msi|cpl)$/.test(name);
  return (isWritten && text.toLowerCase().includes(name)) || isWellKnown(split.likely);
}

/** Elements of a list; a separator between quotes does not count. Empty elements are omitted. */
function splitOutsideQuotes(text: string, separator: RegExp): readonly string[] {
  const pieces: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && separator.test(text[at]!)) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces.map(piece => piece.trim()).filter(piece => piece !== '');
}
