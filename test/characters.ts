import fc from 'fast-check';

/** Any character; `unit: 'binary'` is the same, but lists all million of them at each use, half a second. */
export const CHARACTER = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map(at => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
