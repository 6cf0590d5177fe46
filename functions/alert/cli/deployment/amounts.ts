import type { Span } from '../../audit/index.ts';
import { readTime } from '../flags.ts';
import { UsageError } from '../io.ts';

/** @throws UsageError */
export function spanOf(from: string | undefined, to: string | undefined, otherwiseToMs: number | null): Span {
  if (from === undefined) throw new UsageError('--from is required; it takes a time such as 2026-11-24');
  if (to === undefined && otherwiseToMs === null)
    throw new UsageError('--to is required; it takes a time such as 2026-11-25');
  const fromMs = readTime('from', from);
  const toMs = to === undefined ? otherwiseToMs! : readTime('to', to);
  if (fromMs < toMs) return { fromMs, toMs };
  throw new UsageError(
    `--from ${new Date(fromMs).toISOString()} is not before --to ${new Date(toMs).toISOString()}`,
  );
}

/** `1,234 objects, 5.6 GB`. */
export function amount(objects: number, bytes: number): string {
  return `${counted(objects, 'object')}, ${size(bytes)}`;
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const at = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return at === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** at).toFixed(1)} ${units[at]}`;
}

/** `about 3 h 20 min`. */
export function spell(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
