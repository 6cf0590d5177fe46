/** Why one record was skipped; each with its sentence for the runbook. */
export const SKIP_CODES = {
  InvalidJson: 'The record is not JSON.',
  RecordOversize: 'The record is longer than REGISTRY_ALERT_MAX_RECORD_BYTES.',
  TooDeep: 'The record is nested deeper than REGISTRY_ALERT_MAX_DEPTH.',
  TooWide: 'The record has more keys than REGISTRY_ALERT_MAX_KEYS.',
  NotAnObject: 'The record is JSON, but not an object.',
  NotAnEvent: 'The record is an object that no exporter writes for an event.',
  TextNotOpened:
    'The record has no event.category, and contains text that may be the event but was not opened.',
  TooManyValues: 'Fields of the record have more combinations of values than a rule is evaluated with.',
} as const;

export type SkipCode = keyof typeof SKIP_CODES;

/** Where a skipped record is: its number and its byte offset in the decompressed stream. */
export type SkipPosition = { readonly code: SkipCode; readonly record: number; readonly offset: number };
