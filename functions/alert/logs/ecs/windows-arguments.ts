import type { Fields } from './ecs-document.ts';

/** The arguments of a command line and their number, below `process` or the like. */
export function argumentFields(below: string, line: string | undefined): Fields {
  const args = line === undefined ? undefined : windowsArguments(line);
  return { [`${below}.args`]: args, [`${below}.args_count`]: args?.length };
}

/**
 * Splits a command line as Windows does (CommandLineToArgvW): spaces and tabs separate arguments outside quotes, a
 * backslash escapes only before a quote. Elastic's pipelines do the same for every argument, the program included.
 */
export function windowsArguments(line: string): readonly string[] {
  const args: string[] = [];
  let at = 0;
  for (;;) {
    while (isBlank(line[at])) at++;
    if (at >= line.length) return args;
    let argument = '';
    let isQuoted = false;
    for (; at < line.length && (isQuoted || !isBlank(line[at])); at++) {
      let slashes = 0;
      while (line[at] === '\\') {
        slashes++;
        at++;
      }
      if (line[at] !== '"') {
        argument += '\\'.repeat(slashes);
        if (slashes > 0) at--;
        else argument += line[at];
        continue;
      }
      argument += '\\'.repeat(slashes >> 1);
      if (slashes % 2 === 1) argument += '"';
      else if (isQuoted && line[at + 1] === '"') {
        argument += '"';
        at++;
        isQuoted = false;
      } else isQuoted = !isQuoted;
    }
    args.push(argument);
  }
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
