import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/**
 * The earliest time that a zip can store, in local time, like the format's, so that the time zone makes no difference.
 */
const FIXED_TIME = new Date(1980, 0, 1, 0, 0, 0);

/** Unix, and a regular file readable by everyone, whatever the umask was. */
const UNIX = 3;
const MODE = 0o100644 << 16;

/**
 * A zip of files and folders below a directory: the same bytes on any machine. Names are sorted; times and
 * modes are not taken from the disk.
 */
export function zipOf(directory: string, ...paths: readonly string[]): Uint8Array {
  const files = paths.flatMap(path => filesIn(join(directory, path))).toSorted();
  const entries: Zippable = {};
  for (const file of files) {
    const name = relative(directory, file).split(sep).join('/');
    entries[name] = [readFileSync(file), { mtime: FIXED_TIME, os: UNIX, attrs: MODE, level: 9 }];
  }
  return zipSync(entries);
}

function filesIn(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path];
    throw error;
  }
}
