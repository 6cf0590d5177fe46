/**
 * Runs of the characters of a class, with their offsets.
 *
 * @param piece The class, of at most some thousand characters at once (`/[\p{L}.]{1,4096}/gu`), which are put together
 *   here: for a run of six million the engine of regular expressions has no stack left.
 */
export function* runsOf(
  text: string,
  piece: RegExp,
): Generator<{ readonly run: string; readonly index: number }> {
  let run = '';
  let index = 0;
  for (const match of text.matchAll(piece)) {
    if (run !== '' && index + run.length === match.index) run += match[0];
    else {
      if (run !== '') yield { run, index };
      [run] = match;
      index = match.index;
    }
  }
  if (run !== '') yield { run, index };
}
