/** Functions that S3 or SNS invoke directly: asynchronously, with two more tries, then the event is dropped. */
export class Functions {
  readonly #registered = new Map<string, (event: unknown) => unknown>();
  readonly #running = new Set<Promise<void>>();
  /** Every event that was handed over, whether a function is registered or not. */
  readonly events: { readonly arn: string; readonly event: unknown }[] = [];
  /** Events that failed three times. */
  readonly dropped: { readonly arn: string; readonly event: unknown; readonly cause: unknown }[] = [];

  register(arn: string, run: (event: unknown) => unknown): void {
    this.#registered.set(arn, run);
  }

  has(arn: string): boolean {
    return this.#registered.has(arn);
  }

  invoke(arn: string, event: unknown): void {
    this.events.push({ arn, event });
    const run = this.#registered.get(arn);
    if (!run) return;
    const running = this.#attempt(arn, run, event).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #attempt(arn: string, run: (event: unknown) => unknown, event: unknown): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await run(event);
        return;
      } catch (cause) {
        if (attempt === 3) return void this.dropped.push({ arn, event, cause });
      }
    }
  }
}
