import { type ReadOptions, type ReadReport, readEvents } from '../../logs/index.ts';
import type { Io } from '../io.ts';
import { type Input, InputError, openInput } from './input.ts';
import { watched } from './progress.ts';

/** How a log was read: `isWhole` is false if some of it could not be read, which was reported on standard error. */
export type LogRead = { readonly report: ReadReport | null; readonly isWhole: boolean };

/** Reads one log for a command; if it cannot be opened, the others are still read. */
export async function readLog(
  path: string,
  io: Io,
  optionsFor: (input: Input) => ReadOptions,
): Promise<LogRead> {
  try {
    const input = await openInput(path, io);
    const report = await readEvents(watched(input, io), { mapping: 'extended', ...optionsFor(input) });
    const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);
    if (report.code !== null) io.err(`${path}: ${report.detail} [${report.code}]\n`);
    else if (skipped > 0) io.err(`${path}: ${skipped} of ${report.records} records were skipped\n`);
    return { report, isWhole: report.outcome === 'complete' && skipped === 0 };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    io.err(`${error.message} [${error.code}]\n`);
    return { report: null, isWhole: false };
  }
}
