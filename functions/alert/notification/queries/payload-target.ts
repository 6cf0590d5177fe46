import type { Alert } from '../../detection/index.ts';
import { seenRunning } from '../../detection/index.ts';
import { actOf } from './event-act.ts';

/** The file that the data names, where that is certain: what is loaded, or the program. */
export function fileOf(alert: Alert): string | null {
  const act = actOf(alert);
  if (act !== null) return act.file;
  const { payload, facts } = alert;
  const { isLibrary, libraries } = seenRunning(payload);
  if (!isLibrary) return facts.program;
  return libraries.length === 1 ? libraries[0]!.path : null;
}

/** The name of the file, where its path has variables. */
export function nameOf(alert: Alert): string | null {
  const { payload } = alert;
  const { isLibrary, libraries, processes } = seenRunning(payload);
  const names = isLibrary
    ? libraries.map(({ name }) => name)
    : processes.flatMap(({ names, argument }) => (argument === null ? names : []));
  const [name = ''] = names;
  return names.length === 1 && /^[^%/:*?"<>|]+\.[A-Za-z0-9]{2,4}$/.test(name) ? name : null;
}
