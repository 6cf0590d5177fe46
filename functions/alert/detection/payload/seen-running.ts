import { foldAscii } from '../../ruleset/index.ts';
import { fileNameOf, wordsOf } from './command-line.ts';
import type { PayloadCommand } from './commands.ts';
import type { Payload } from './payload.ts';

/** What process and library events show when the payload runs. Texts are attacker-written, variables expanded. */
export type SeenRunning = {
  /** It starts no process: look for the load of a library or driver. */
  readonly isLibrary: boolean;
  readonly processes: readonly SeenProcess[];
  readonly libraries: readonly SeenLibrary[];
};

type SeenProcess = {
  /** Full paths, `process.executable`; empty if the data gives no folder or one that varies. */
  readonly paths: readonly string[];
  /** `process.name`, one of them. */
  readonly names: readonly string[];
  /** One of `process.args`, exactly; `null`: the path or name is enough, or no argument is distinctive. */
  readonly argument: string | null;
};

type SeenLibrary = { readonly path: string | null; readonly name: string };

/** With more programs than these nobody reads the query. */
const MOST = 8;
/** Keyword fields index nothing longer. */
const LONGEST = 1024;

/**
 * What opens a file that is not a program itself (Microsoft Learn, "assoc" and "ftype", default Windows installation).
 */
const OPENED_BY: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.(vbs|vbe|js|jse|wsf|wsh)$/i, ['wscript.exe', 'cscript.exe']],
  [/\.(bat|cmd)$/i, ['cmd.exe']],
  [/\.(ps1)$/i, ['powershell.exe']],
  [/\.hta$/i, ['mshta.exe']],
  [/\.msi$/i, ['msiexec.exe']],
  [/\.(py|pyw)$/i, ['python.exe', 'pythonw.exe', 'py.exe']],
  [/\.jar$/i, ['javaw.exe', 'java.exe']],
  [/\.cpl$/i, ['control.exe', 'rundll32.exe']],
];

/**
 * What will be seen when the payload runs: the program by its path or name and the one argument that distinguishes it,
 * never the whole line, since Windows starts programs by their full path and with variables expanded. The
 * desktop's own programs in a list of shells are omitted, since they start at every logon, and LSASS's own packages.
 */
export function seenRunning({ form, commands }: Payload): SeenRunning {
  const isAllOwn = commands.every(({ path }) => OWN_PACKAGES.test(path));
  const told = commands
    .filter(command =>
      form === 'shell' ? !isOwnShell(command) : isAllOwn || !OWN_PACKAGES.test(command.path),
    )
    .slice(0, MOST);
  const seen = told.filter(({ kind }) => kind === 'process').map(seenProcess);
  // A program by its name alone would drown what the same program does with the argument that is looked for.
  const named = new Set(
    seen.flatMap(({ names, argument }) => (argument === null ? [] : names)).map(foldAscii),
  );
  const processes = seen.filter(
    ({ paths, names, argument }) =>
      argument !== null ||
      paths.some(path => !isOfWindows(path)) ||
      !names.every(name => named.has(foldAscii(name))),
  );
  const libraries = told.filter(({ kind }) => kind !== 'process').map(seenLibrary);
  return { isLibrary: processes.length === 0 && libraries.length > 0, processes, libraries };
}

/** What Windows starts at every logon, whatever else a list of shells has; not a program elsewhere with its name. */
export const isOwnShell = ({ path }: Pick<PayloadCommand, 'path'>): boolean =>
  /^(([a-z]:\\windows|%(systemroot|windir)%)\\(system32\\)?)?(explorer|userinit)\.exe$/i.test(path);

/** Windows' own authentication, security and notification packages, which LSASS loads at every start. */
const OWN_PACKAGES =
  /^(kerberos|msv1_0|schannel|wdigest|tspkg|pku2u|cloudap|livessp|negoexts|scecli|rassfm)(\.dll)?$/i;

function seenProcess(command: PayloadCommand): SeenProcess {
  const { path, program, candidates } = command;
  const openers = OPENED_BY.find(([ending]) => ending.test(path))?.[1];
  if (openers) return { paths: [], names: openers, argument: isFixed(path) ? path : null };
  const argument = isOfWindows(path) ? tellingArgument(command) : null;
  return {
    paths:
      argument === null
        ? candidates.filter(candidate => /^[a-z]:\\/i.test(candidate) && isFixed(candidate))
        : [],
    names: [program],
    argument,
  };
}

const isOfWindows = (path: string): boolean => !path.includes('\\') || /^[a-z]:\\windows\\/i.test(path);

/**
 * The word with the library, script or URL, else the longest: of those that are certain and searchable, and
 * neither a switch of one letter nor the program again.
 */
function tellingArgument({ program, arguments: rest, library, script, url }: PayloadCommand): string | null {
  const words = wordsOf(rest)
    .map(({ text }) => text)
    .filter(text => text !== '' && text.length <= LONGEST && isFixed(text))
    .filter(text => foldAscii(fileNameOf(text)) !== foldAscii(program));
  for (const wanted of [script, library, url]) {
    const word = wanted === null ? undefined : words.find(text => text.includes(wanted));
    if (word !== undefined) return word;
  }
  return words.reduce<string | null>((best, word) => (word.length > (best?.length ?? 2) ? word : best), null);
}

function seenLibrary({ path }: PayloadCommand): SeenLibrary {
  const isWhole = /^[a-z]:\\/i.test(path) && isFixed(path);
  const name = fileNameOf(path);
  // LoadLibrary appends it, and the events have the file's name (Microsoft Learn, "LoadLibraryW").
  return {
    path: isWhole ? path : null,
    name: name.includes('.') || name.includes('%') ? name : `${name}.dll`,
  };
}

/** Without a variable whose value the event does not show. */
const isFixed = (text: string): boolean => !/%[^%\s]+%/.test(text);
