/** How much of each part of the first screen is shown, in characters or counts. */
export type Room = {
  /** Most characters of the data, the key and the decoded text. */
  readonly length: number;
  readonly strings: number;
  readonly addresses: number;
  readonly indicators: number;
  /** Omitted on a tight screen. */
  readonly hasExtras: boolean;
};

/** The first that fits is used. */
export const ROOMS: readonly Room[] = [
  { length: 240, strings: 4, addresses: 3, indicators: 5, hasExtras: true },
  { length: 180, strings: 3, addresses: 3, indicators: 4, hasExtras: true },
  { length: 120, strings: 2, addresses: 2, indicators: 3, hasExtras: true },
  { length: 120, strings: 2, addresses: 2, indicators: 3, hasExtras: false },
  { length: 60, strings: 1, addresses: 1, indicators: 3, hasExtras: false },
  { length: 50, strings: 1, addresses: 0, indicators: 2, hasExtras: false },
  { length: 36, strings: 1, addresses: 0, indicators: 1, hasExtras: false },
];
