export type { Inferred } from './extended.ts';
export { MAPPINGS, type Mapping, makeNormalize, type Normalize, type Normalized } from './normalize.ts';
export type { RawSource, Source } from './sources.ts';
