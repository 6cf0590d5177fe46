import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkLogs } from './checked-logs.ts';
import { type FunctionError, type Outcome, RuntimeApi } from './runtime-api.ts';

export type FunctionOptions = {
  /** The bundle, `dist/handler.mjs`. */
  readonly bundle: string;
  /** The environment of the function: nothing else of this process's environment reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb?: number;
  /** Lambda stops an invocation that takes longer. */
  readonly timeoutMs?: number;
  /** Not our function but a fixture: it may log what it likes. */
  readonly isFixture?: boolean;
};

export type InvokeOptions = {
  /** Time that this invocation has, instead of the function's timeout. */
  readonly deadlineMs?: number;
  /** Kills the process after this time, if it still runs. */
  readonly killAfterMs?: number;
};

export type Invocation = Outcome & {
  /** Lines of both outputs from the beginning to the end of this invocation, those of a cold start included. */
  readonly logs: readonly string[];
  readonly requestId: string;
};

/** A function error, where a caller wants it thrown. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly errorType: string;

  constructor({ errorType, errorMessage }: FunctionError) {
    super(`${errorType}: ${errorMessage}`);
    this.errorType = errorType;
  }
}

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const CLIENT = join(ROOT, 'node_modules/aws-lambda-ric/index.mjs');
const ACCOUNT = '111122223333';

/**
 * One execution environment: the bundle in a process of its own, under AWS's runtime interface client.
 * A process that has died is started anew by the next invocation, as Lambda does.
 */
export class LocalFunction {
  /** Every line of both outputs of every process so far. */
  readonly logs: string[] = [];
  /** How many processes have been started. */
  starts = 0;
  /** What the last start failed with. */
  initError: FunctionError | null = null;
  readonly #options: FunctionOptions;
  readonly #api = new RuntimeApi();
  #address = '';
  #process: ChildProcess | undefined;
  #current: { readonly id: string; readonly end: (outcome: Outcome) => void } | undefined;

  constructor(options: FunctionOptions) {
    this.#options = options;
    this.#api.onOutcome = (id, outcome) => {
      if (this.#current?.id === id) this.#current.end(outcome);
    };
  }

  /** Starts the process and waits until it asks for its first event or fails. */
  async start(): Promise<this> {
    await this.#ensureProcess();
    return this;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  async invoke(event: unknown, options: InvokeOptions = {}): Promise<Invocation> {
    if (this.#current) throw new Error('an environment runs one invocation at a time');
    const requestId = crypto.randomUUID();
    const from = this.logs.length;
    const outcome = await this.#outcomeOf(requestId, event, options);
    // What was written before the answer is in the pipe by now; two turns read it.
    await nextTurn();
    await nextTurn();
    return { ...outcome, logs: this.logs.slice(from), requestId };
  }

  /** The result; a function error is thrown. For a poller. */
  async call(event: unknown): Promise<unknown> {
    const { result, error } = await this.invoke(event);
    if (error) throw new InvocationError(error);
    return result;
  }

  /** Kills the process; an invocation that it is at ends as one that crashed. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#process?.kill(signal);
    // Nothing more can come of it, so that the next invocation need not wait to see it gone.
    if (signal === 'SIGKILL' && !this.#current) this.#process = undefined;
  }

  /** @throws when a line that was logged is no JSON or quotes an event */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child) {
      const closed = new Promise(resolve => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }
    this.#api.close();
    if (!this.#options.isFixture) checkLogs(this.logs);
  }

  async #outcomeOf(id: string, event: unknown, options: InvokeOptions): Promise<Outcome> {
    const timeoutMs = options.deadlineMs ?? this.#options.timeoutMs ?? 300_000;
    const timers: NodeJS.Timeout[] = [];
    const ended = new Promise<Outcome>(end => {
      this.#current = { id, end };
    });
    try {
      if (options.killAfterMs !== undefined) timers.push(setTimeout(() => this.kill(), options.killAfterMs));
      const initError = await this.#ensureProcess();
      if (initError) return { error: initError };
      timers.push(setTimeout(() => this.#timeOut(id, timeoutMs), timeoutMs));
      this.#api.send({ id, body: JSON.stringify(event), headers: headersOf(Date.now() + timeoutMs) });
      return await ended;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.#current = undefined;
    }
  }

  #timeOut(id: string, timeoutMs: number): void {
    if (this.#current?.id !== id) return;
    const errorMessage = `RequestId: ${id} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#current.end({ error: { errorType: 'Sandbox.Timedout', errorMessage } });
    this.#current = undefined;
    this.kill();
  }

  /** The process, started if there is none; what its start failed with, if it did. */
  async #ensureProcess(): Promise<FunctionError | null> {
    if (this.#process) return null;
    this.#address ||= await this.#api.listen();
    this.starts++;
    this.#api.reset();
    let isRefused = false;
    const ready = new Promise<FunctionError | null>(resolve => {
      this.#api.onInit = error => {
        isRefused = error !== null;
        resolve(error);
      };
    });
    const child = spawn(process.execPath, argumentsOf(this.#options), {
      env: environmentOf(this.#options, this.#address),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      // Where it is not killed soon enough, the client prints the error once more that it has reported: Node's own words.
      let isDump = false;
      createInterface({ input: stream }).on('line', line => {
        isDump ||= isRefused && line.startsWith('node:internal/');
        if (!isDump) this.logs.push(line);
      });
    }
    const exited = new Promise<FunctionError>(resolve => {
      child.once('exit', (code, signal) => resolve(this.#exited(child, code, signal)));
    });
    this.initError = await Promise.race([ready, exited]);
    if (this.initError) {
      child.kill('SIGKILL');
      await exited;
    }
    return this.initError;
  }

  #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): FunctionError {
    const isCurrent = this.#process === child;
    if (isCurrent) this.#process = undefined;
    const how = signal ? `signal: ${signal === 'SIGKILL' ? 'killed' : signal}` : `exit status ${code}`;
    const error: FunctionError = {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${this.#current?.id ?? ''} Error: Runtime exited with error: ${how}`,
    };
    if (isCurrent) this.#current?.end({ error });
    return error;
  }
}

/** Starts one execution environment of a bundle. */
export function startFunction(options: FunctionOptions): Promise<LocalFunction> {
  return new LocalFunction(options).start();
}

/** The options that Lambda's own start script derives from the memory size, then the client. */
function argumentsOf({ memoryMb = 1024 }: FunctionOptions): string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb * 0.05))}`,
    '--import',
    new URL('without-native.mjs', import.meta.url).href,
    CLIENT,
  ];
}

function environmentOf(
  { bundle, env, memoryMb = 1024 }: FunctionOptions,
  address: string,
): NodeJS.ProcessEnv {
  const name = basename(bundle, extname(bundle));
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_LAMBDA_RUNTIME_API: address,
    AWS_LAMBDA_FUNCTION_NAME: 'registry-alert',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/registry-alert',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0123456789abcdef',
    // What `LogFormat: JSON` of the template makes of it.
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: resolve(dirname(bundle)),
    _HANDLER: `${name}.handler`,
    ...env,
  };
}

function headersOf(deadline: number): Record<string, string> {
  return {
    'lambda-runtime-deadline-ms': String(deadline),
    'lambda-runtime-invoked-function-arn': `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:registry-alert`,
    'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
  };
}
