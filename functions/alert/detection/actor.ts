import { foldAscii } from '../ruleset/index.ts';
import type { EventFacts } from './alert.ts';
import { type Folder, folderOf } from './payload/index.ts';

/** The program that wrote, or had WMI write. Texts are the event's; `null`: not in the event. */
export type Actor = {
  readonly name: string | null;
  readonly executable: string | null;
  readonly folder: Folder | null;
  readonly commandLine: string | null;
  /** Of the file of a program that wrote directly; for a caller of WMI no product records it. */
  readonly signature: 'trusted' | 'untrusted' | 'unsigned' | null;
  readonly signer: string | null;
  /** Name of the process that started it. */
  readonly parent: string | null;
};

/** WMI's provider host writes on behalf of others, so its properties say nothing about who acted. */
export function actorOf({ requester, writer, process }: EventFacts): Actor {
  const { name, executable } = requester;
  const isProvider = foldAscii(writer.name ?? '') === 'wmiprvse.exe';
  if (name === null && executable === null && !isProvider) {
    const { commandLine, signature, signer, parent } = process;
    const folder = writer.executable === null ? null : folderOf(writer.executable);
    return {
      name: writer.name,
      executable: writer.executable,
      folder,
      commandLine,
      signature,
      signer,
      parent,
    };
  }
  const folder = executable === null ? null : folderOf(executable);
  return { name, executable, folder, commandLine: null, signature: null, signer: null, parent: null };
}

/**
 * How a file relates to the program that wrote: `self`: it is that program; `beside`: one of the two is in the folder
 * of the other, or below it; `null`: neither, or unknown.
 */
export function relationOf(file: string, { executable }: Actor): 'self' | 'beside' | null {
  if (executable === null || !/^[a-z]:\\/i.test(file)) return null;
  const [one, other] = [foldAscii(file), foldAscii(executable)];
  if (one === other) return 'self';
  const [here, there] = [one, other].map(path => path.slice(0, path.lastIndexOf('\\') + 1));
  return here!.startsWith(there!) || there!.startsWith(here!) ? 'beside' : null;
}
