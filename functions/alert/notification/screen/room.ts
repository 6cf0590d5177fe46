/** How much of each part of the first screen is shown, in characters or counts. */
export type Room = {
  /** Most characters of the data and the key. */
  readonly length: number;
  /** Most characters of the decoded text, which decides more than the data that it was in. */
  readonly decoded: number;
  readonly strings: number;
  readonly addresses: number;
  readonly indicators: number;
  /** Omitted on a tight screen. */
  readonly hasExtras: boolean;
};

/** The first that fits is used. */
export const ROOMS: readonly Room[] = [
  { length: 240, decoded: 240, strings: 4, addresses: 3, indicators: 5, hasExtras: true },
  { length: 180, decoded: 240, strings: 3, addresses: 3, indicators: 4, hasExtras: true },
  { length: 120, decoded: 180, strings: 2, addresses: 2, indicators: 3, hasExtras: true },
  { length: 120, decoded: 180, strings: 2, addresses: 2, indicators: 3, hasExtras: false },
  { length: 60, decoded: 180, strings: 1, addresses: 1, indicators: 3, hasExtras: false },
  { length: 60, decoded: 120, strings: 1, addresses: 1, indicators: 2, hasExtras: false },
  { length: 50, decoded: 120, strings: 1, addresses: 0, indicators: 2, hasExtras: false },
  { length: 50, decoded: 60, strings: 1, addresses: 0, indicators: 2, hasExtras: false },
  { length: 36, decoded: 36, strings: 1, addresses: 0, indicators: 1, hasExtras: false },
];
