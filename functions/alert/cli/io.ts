/** What a command may touch of the world; tests hand in their own. */
export type Io = {
  /** Results alone. Resolves when the reader can take more; throws `PipeClosed` when nobody reads any longer. */
  readonly out: (text: string) => Promise<void>;
  /** Errors, warnings, and progress. */
  readonly err: (text: string) => void;
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Asks a yes-or-no question on the terminal; false where there is none. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds UTC. Verdicts never depend on it. */
  readonly now: () => number;
};

/** What every file of this folder exports; the file's name is the command's. */
export type Command = {
  readonly usage: string;
  /** Gives the exit status: 0 sound, 1 something was damaged or unsound, 2 the call itself was wrong. */
  readonly run: (args: readonly string[], io: Io) => Promise<number>;
};

/** The call itself is wrong: printed with the command's usage, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Nobody reads standard output any longer (`| head`): ends the command quietly. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}
