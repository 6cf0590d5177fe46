import { isUserWritable } from './folder.ts';
import type { Payload } from './payload.ts';

/** What of the payload is a fact of the alert by itself. */
export type CommandFacts = {
  /** The program in the data, where it is certain which part of the line it is. */
  readonly program: string | null;
  /** False for REG_DWORD and REG_QWORD: a setting. */
  readonly isCommand: boolean;
  /** The data names a UNC, WebDAV or device path: no query may open it. A URL is none. */
  readonly isRemote: boolean;
  /** What runs is in a folder that users can write, the profile of its user included. */
  readonly isUserWritable: boolean;
};

export function commandFacts({ commands, isCommand }: Payload, data: readonly string[]): CommandFacts {
  const outermost = commands.filter(({ startedBy }) => startedBy === null);
  const [only] = outermost;
  return {
    program: outermost.length === 1 && only!.isCertain ? only!.path : null,
    isCommand,
    isRemote: commands.some(({ folder }) => folder === 'remote') || data.some(namesRemote),
    isUserWritable: commands.some(({ folder }) => isUserWritable(folder)),
  };
}

/** UNC, WebDAV and device paths, with either slash: opening one may authenticate to a server of the attacker's. */
function namesRemote(text: string): boolean {
  return (
    /(^|[\s"'=,;(])[\\/]{2}[^\\/\s]/.test(text) ||
    /[\\/]{2}[?.][\\/]/.test(text) ||
    /\bfile:[\\/]{2}|\\\?\?\\UNC|\\Device\\|@SSL/i.test(text)
  );
}
