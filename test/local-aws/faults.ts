import { type Call, isOf, type Target } from './calls.ts';

/** What goes wrong. `at` counts the bytes of that response's body. */
export type FaultKind =
  /** The connection is reset and nothing was done. */
  | { readonly kind: 'failBefore' }
  /** Everything was done and the connection is reset before the answer. */
  | { readonly kind: 'lostResponse' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      /** Response headers, such as `retry-after`. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The body ends early: the connection closes, or with `clean` the shorter length is announced as if all was well. */
  | { readonly kind: 'truncate'; readonly at: number; readonly clean?: boolean }
  | { readonly kind: 'flip'; readonly at: number; readonly bit?: number }
  /** The body stops there and the connection stays open. */
  | { readonly kind: 'stall'; readonly at: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'reset'; readonly at: number }
  /** The object gets another body: before the call, or when `at` bytes of the old one have been sent. */
  | { readonly kind: 'swapObject'; readonly body: Uint8Array | string; readonly at?: number }
  | { readonly kind: 'deleteObject'; readonly at?: number }
  /** Code of the test, such as killing the function; `after` runs before the answer is sent. */
  | { readonly kind: 'run'; readonly before?: () => unknown; readonly after?: () => unknown }
  /** A bucket notification (`op: 's3:Notify'`) that is not sent, or sent twice. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' };

export type Fault = FaultKind & {
  /** `GetObject` or `s3:GetObject`; `*` for every operation but `s3:Notify`. */
  readonly op: string;
  /** Which of the calls that fit, counted from 1 since the fault was added. */
  readonly nth: number | readonly number[] | 'every';
  /** Only calls about this; `key` may end in `*`. */
  readonly where?: Target & { readonly caller?: string };
};

type Counted = { readonly fault: Fault; seen: number; fired: number };

/** The faults that are to happen, and how often each has. */
export class FaultPlan {
  #faults: Counted[] = [];

  constructor(faults: readonly Fault[] = []) {
    this.add(...faults);
  }

  add(...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map(fault => ({ fault, seen: 0, fired: 0 })));
  }

  clear(): void {
    this.#faults = [];
  }

  /** Those that never happened: a test that plans a fault should find none here at its end. */
  unfired(): readonly Fault[] {
    return this.#faults.filter(({ fired }) => fired === 0).map(({ fault }) => fault);
  }

  /** The faults of this call; each call that fits is counted. */
  take(call: Call): readonly Fault[] {
    const due: Fault[] = [];
    for (const counted of this.#faults) {
      const { op, nth, where } = counted.fault;
      if (op === '*' ? call.operation === 'Notify' : !isOf(call, op)) continue;
      if (where && !fits(call, where)) continue;
      counted.seen++;
      if (nth !== 'every' && ![nth].flat().includes(counted.seen)) continue;
      counted.fired++;
      due.push(counted.fault);
    }
    return due;
  }
}

function fits(call: Call, where: NonNullable<Fault['where']>): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    const actual = call[name as keyof Call];
    return wanted.endsWith('*') && typeof actual === 'string'
      ? actual.startsWith(wanted.slice(0, -1))
      : actual === wanted;
  });
}

export function ofKind<K extends FaultKind['kind']>(
  faults: readonly Fault[],
  kind: K,
): Extract<Fault, { kind: K }> | undefined {
  return faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
}
