export type { Inferred } from './extended.ts';
export {
  lastDocument,
  MAPPINGS,
  type Mapping,
  makeNormalize,
  type Normalize,
  type Normalized,
} from './normalized-event.ts';
export { type RawForm, rawForms } from './raw-forms.ts';
export { type RawSource, type Source, sourceOf } from './sources.ts';
