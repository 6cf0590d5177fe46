import {
  type FunctionOptions,
  type Invocation,
  InvocationError,
  type InvokeOptions,
  LocalFunction,
} from './function.ts';

/** Several execution environments of one bundle: an invocation takes an idle one, or starts one, or waits. */
export class Fleet {
  readonly environments: readonly LocalFunction[];
  readonly #idle: LocalFunction[];
  readonly #waiting: ((one: LocalFunction) => void)[] = [];

  constructor(options: FunctionOptions, size: number) {
    this.environments = Array.from({ length: size }, () => new LocalFunction(options));
    this.#idle = [...this.environments].reverse();
  }

  async invoke(event: unknown, options?: InvokeOptions): Promise<Invocation> {
    const one =
      this.#idle.pop() ?? (await new Promise<LocalFunction>(resolve => this.#waiting.push(resolve)));
    try {
      return await one.invoke(event, options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(one);
      else this.#idle.push(one);
    }
  }

  /** The result; a function error is thrown. For a poller. */
  async call(event: unknown): Promise<unknown> {
    const { result, error } = await this.invoke(event);
    if (error) throw new InvocationError(error);
    return result;
  }

  /** Kills those that are at work. */
  kill(): void {
    for (const one of this.environments) if (one.isBusy) one.kill();
  }

  get logs(): readonly string[] {
    return this.environments.flatMap(one => one.logs);
  }

  async stop(): Promise<void> {
    await Promise.all(this.environments.map(one => one.stop()));
  }
}
