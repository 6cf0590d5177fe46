/** What a command can access; tests pass their own. */
export type Io = {
  /** Results only. Resolves when the reader can take more; throws `PipeClosed` when nobody reads any longer. */
  readonly out: (text: string) => Promise<void>;
  /** Errors, warnings, and progress. */
  readonly err: (text: string) => void;
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Asks a yes-or-no question on the terminal; false if there is none. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds UTC. Results never depend on it. */
  readonly now: () => number;
};

/** What every file of this folder exports; the file's name is the command's. */
export type Command = {
  readonly usage: string;
  /** Returns the exit status: 0 all well, 1 something was damaged or has problems, 2 a usage error. */
  readonly run: (args: readonly string[], io: Io) => Promise<number>;
};

/** A usage error: printed with the command's usage, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for cannot be done now: one line, exit status 2. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Standard output has been closed by its reader (`| head`): ends the command quietly. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed';
}
