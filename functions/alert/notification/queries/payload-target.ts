import { type Alert, interpretedFiles, seenRunning } from '../../detection/index.ts';
import { actOf } from './event-act.ts';
import type { Reason } from './query-reasons.ts';

/** The file that the data names, if that is certain: what is loaded, the script, or the program. */
export function fileOf(alert: Alert): string | null {
  const act = actOf(alert);
  if (act !== null) return act.file;
  const { payload, facts } = alert;
  const { isLibrary, libraries } = seenRunning(payload);
  if (isLibrary) return libraries.length === 1 ? libraries[0]!.path : null;
  const files = interpretedFiles(payload.commands);
  if (files === null) return facts.program;
  const [file = ''] = files;
  return files.length === 1 && /^[a-z]:\\[^*?<>|%"]+$/i.test(file) ? file : null;
}

/** The name of the file, if the data does not give its full path. */
export function nameOf(alert: Alert): string | null {
  const { payload } = alert;
  const { isLibrary, libraries, processes } = seenRunning(payload);
  const names = isLibrary
    ? libraries.map(({ name }) => name)
    : (interpretedFiles(payload.commands)?.map(baseName) ??
      processes.flatMap(({ names, argument }) => (argument === null ? names : [])));
  const [name = ''] = names;
  return names.length === 1 && /^[^%/:*?"<>|]+\.[A-Za-z0-9]{2,4}$/.test(name) ? name : null;
}

/** Why there is no `fileOf`. */
export function noFileReason(alert: Alert): Reason {
  const files = interpretedFiles(alert.payload.commands);
  if (files?.length === 0) return 'windows-programs';
  return files !== null && nameOf(alert) !== null ? 'no-folder' : 'no-program';
}

const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
