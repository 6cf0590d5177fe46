import type { OnDocument } from './decoding/record-decoder.ts';
import type { Tally } from './tally.ts';

/**
 * Passes events on; one that could not be evaluated, according to the error's code, is counted as a skipped record that
 * may hide a match. Other errors pass through.
 */
export function countingEvaluationErrors(onDocument: OnDocument, tally: Tally): OnDocument {
  return (event, record, offset, bytes) => {
    const count = (error: unknown): void => {
      if (!(error instanceof Error && 'code' in error && error.code === 'TooManyValues')) throw error;
      tally.skip('TooManyValues', record, offset, true);
    };
    try {
      return onDocument(event, record, offset, bytes)?.catch(count);
    } catch (error) {
      return count(error);
    }
  };
}
