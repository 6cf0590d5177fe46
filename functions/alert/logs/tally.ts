import type { JsonObject } from './json.ts';
import { SKIP_CODES, type SkipCode, type SkipPosition } from './skips.ts';

const FIRST_FEW = 20;
const FEW_KEYS = 5;
const LONGEST_KEY = 64;

/** What is counted while an object is read. */
export class Tally {
  records = 0;
  decoded = 0;
  events = 0;
  invalidUtf8 = 0;
  suspiciousCount = 0;
  /** Records that are known but not events, such as FDR's inventory. */
  inventory = 0;
  unknown = 0;
  /** First keys of records of unknown shape, each once. */
  readonly unknownKeys = new Set<string>();
  readonly skipped: Record<SkipCode, number>;
  readonly positions: SkipPosition[] = [];
  readonly suspicious: SkipPosition[] = [];

  constructor() {
    this.skipped = Object.fromEntries(Object.keys(SKIP_CODES).map(code => [code, 0])) as Record<
      SkipCode,
      number
    >;
  }

  get skippedCount(): number {
    return Object.values(this.skipped).reduce((sum, count) => sum + count, 0);
  }

  /** Counts a record that is neither a known event nor an envelope. */
  seeUnknown(document: JsonObject): void {
    this.unknown++;
    for (const key of Object.keys(document).slice(0, FEW_KEYS)) {
      if (this.unknownKeys.size >= FEW_KEYS) return;
      this.unknownKeys.add(key.slice(0, LONGEST_KEY));
    }
  }

  skip(code: SkipCode, record: number, offset: number, isSuspicious: boolean): void {
    this.skipped[code]++;
    if (this.positions.length < FIRST_FEW) this.positions.push({ code, record, offset });
    if (!isSuspicious) return;
    this.suspiciousCount++;
    if (this.suspicious.length < FIRST_FEW) this.suspicious.push({ code, record, offset });
  }
}
