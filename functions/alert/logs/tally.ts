import { SKIP_CODES, type SkipCode, type SkipPosition } from './skips.ts';

const FIRST_FEW = 20;

/** What is counted while an object is read. */
export class Tally {
  records = 0;
  decoded = 0;
  events = 0;
  invalidUtf8 = 0;
  suspiciousCount = 0;
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

  skip(code: SkipCode, record: number, offset: number, isSuspicious: boolean): void {
    this.skipped[code]++;
    if (this.positions.length < FIRST_FEW) this.positions.push({ code, record, offset });
    if (!isSuspicious) return;
    this.suspiciousCount++;
    if (this.suspicious.length < FIRST_FEW) this.suspicious.push({ code, record, offset });
  }
}
