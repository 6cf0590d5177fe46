import { isUserWritable } from './folder.ts';
import type { Payload } from './payload.ts';
import { isOwnShell } from './seen-running.ts';

/** Facts of the alert taken from the payload. */
export type CommandFacts = {
  /** The program in the data, if it is certain which part of the line it is. */
  readonly program: string | null;
  /** False for REG_DWORD and REG_QWORD: a setting. */
  readonly isCommand: boolean;
  /** The data names a UNC, WebDAV or device path: no query may open it. A URL does not count. */
  readonly isRemote: boolean;
  /** What runs is in a folder that users can write to, including the user's own profile. */
  readonly isUserWritable: boolean;
};

export function commandFacts({ commands, isCommand, form }: Payload, data: readonly string[]): CommandFacts {
  const all = commands.filter(({ startedBy }) => startedBy === null);
  // In a list of shells Windows' own is not what to look for.
  const outermost = form === 'shell' && all.length > 1 ? all.filter(command => !isOwnShell(command)) : all;
  const [only] = outermost;
  return {
    program: outermost.length === 1 && only!.isCertain ? only!.path : null,
    isCommand,
    isRemote: commands.some(({ folder }) => folder === 'remote') || data.some(namesRemote),
    isUserWritable: commands.some(({ folder }) => isUserWritable(folder)),
  };
}

/**
 * UNC, WebDAV and device paths, with either slash: opening one may authenticate to a server of the attacker's. `//B`
 * without a share is a switch of Windows Script Host.
 */
function namesRemote(text: string): boolean {
  return (
    /(^|[\s"'=,;(])(?!\/\/[^\\/\s"]*(?:[\s"]|$))[\\/]{2}[^\\/\s]/.test(text) ||
    /[\\/]{2}[?.][\\/]/.test(text) ||
    /\bfile:[\\/]{2}|\\\?\?\\UNC|\\Device\\|@SSL/i.test(text)
  );
}
