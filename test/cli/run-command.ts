import type { Io } from '../../functions/alert/cli/io.ts';
import { PipeClosed } from '../../functions/alert/cli/io.ts';
import { main } from '../../functions/alert/cli/main.ts';

/** What one command line gave. */
export type Ran = { readonly status: number; readonly out: string; readonly err: string };

/** Runs a command line in this process. `closesAfter`: the reader goes away after so many writes. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly stdin?: Uint8Array;
    readonly closesAfter?: number;
    /** Of standard error, with a second between two looks at the clock. */
    readonly isTerminal?: boolean;
  } = {},
): Promise<Ran> {
  const { isTerminal = false } = options;
  let now = Date.UTC(2026, 10, 24, 12);
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: async text => {
      if (options.closesAfter !== undefined && out.length >= options.closesAfter) throw new PipeClosed();
      out.push(text);
    },
    err: text => void err.push(text),
    stdin: async function* () {
      if (options.stdin) yield options.stdin;
    },
    outIsTerminal: false,
    errIsTerminal: isTerminal,
    confirm: async () => false,
    environment: {},
    now: () => {
      if (isTerminal) now += 1000;
      return now;
    },
  };
  const status = await main(args, io);
  return { status, out: out.join(''), err: err.join('') };
}
