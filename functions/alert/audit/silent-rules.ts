import type { LedgerState } from './ledger-state.ts';

/** Adds up, page by page, the ledger's counts for rules without an alarm of their own. */
export type SilentRules = {
  readonly see: (modifiedMs: readonly number[], states: readonly LedgerState[]) => void;
  /** Folders of rules that ran with the newest object and had no candidate in the whole time span. */
  readonly folders: () => readonly string[];
};

export function silentRules(): SilentRules {
  const sums = new Map<string, number>();
  let newestMs = Number.NEGATIVE_INFINITY;
  let running: readonly string[] = [];
  return {
    see: (modifiedMs, states) => {
      for (const [at, { state, unwatched }] of states.entries()) {
        if (state !== 'scanned') continue;
        for (const [folder, count] of Object.entries(unwatched)) {
          sums.set(folder, (sums.get(folder) ?? 0) + count);
        }
        if (modifiedMs[at]! < newestMs) continue;
        newestMs = modifiedMs[at]!;
        running = Object.keys(unwatched);
      }
    },
    folders: () => running.filter(folder => sums.get(folder) === 0),
  };
}
