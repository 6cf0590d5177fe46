export type { Inferred } from './extended.ts';

export {
  lastDocument,
  MAPPINGS,
  type Mapping,
  makeNormalize,
  type Normalize,
  type Normalized,
} from './normalized-event.ts';
export { rawForms } from './raw-forms.ts';
export { type RawSource, sourceOf } from './sources.ts';
