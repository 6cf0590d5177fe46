import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An error as the runtime reports it. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

export type Outcome = { readonly result?: unknown; readonly error?: FunctionError };

type Pending = { readonly id: string; readonly body: string; readonly headers: Record<string, string> };

/** The largest answer that Lambda takes from a function. */
const MOST_BYTES = 6 * 1024 * 1024 + 100;

/** Lambda's Runtime API for one execution environment: hands out one event at a time and takes its outcome. */
export class RuntimeApi {
  /** Called once for each process: when it first asks for an event, or when its start failed. */
  onInit: (error: FunctionError | null) => void = () => {};
  /** Called when the process has answered an event and asks for the next one. */
  onOutcome: (id: string, outcome: Outcome) => void = () => {};
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #waiting: ServerResponse | undefined;
  #pending: Pending | undefined;
  #answered: { readonly id: string; readonly outcome: Outcome } | undefined;

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  send(pending: Pending): void {
    this.#pending = pending;
    this.#handOver();
  }

  /** Forgets a process that has died. */
  reset(): void {
    this.#waiting = undefined;
    this.#pending = undefined;
    this.#answered = undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id, what] = /\/invocation\/([^/]+)(?:\/(response|error))?$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET' && id === 'next') {
      this.#waiting = response;
      const answered = this.#answered;
      this.#answered = undefined;
      if (answered) this.onOutcome(answered.id, answered.outcome);
      else this.onInit(null);
      return this.#handOver();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (request.url?.endsWith('/init/error')) this.onInit(errorOf(body));
    else if (id !== undefined)
      this.#answered = { id, outcome: what === 'error' ? { error: errorOf(body) } : resultOf(body) };
  }

  #handOver(): void {
    const { id, body, headers } = this.#pending ?? {};
    if (!this.#waiting || id === undefined) return;
    this.#waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      ...headers,
    });
    this.#waiting.end(body);
    this.#waiting = undefined;
    this.#pending = undefined;
  }
}

function resultOf(body: Buffer): Outcome {
  if (body.length > MOST_BYTES) {
    const errorMessage = `Response payload size (${body.length} bytes) exceeded maximum allowed payload size (6291556 bytes).`;
    return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
  }
  const text = body.toString();
  return text === '' ? {} : { result: JSON.parse(text) };
}

function errorOf(body: Buffer): FunctionError {
  const { errorType = 'Error', errorMessage = '', trace = [] } = JSON.parse(body.toString() || '{}');
  return { errorType, errorMessage, trace };
}
