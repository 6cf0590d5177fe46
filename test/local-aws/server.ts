import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Call, CallLog, Service, Target } from './calls.ts';
import type { Clock } from './clock.ts';
import { AwsError } from './error.ts';
import { type FaultPlan, ofKind } from './faults.ts';
import { type BodyEffects, type Reply, send } from './reply.ts';

export type Request = {
  readonly method: string;
  readonly host: string;
  /** As it came, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly caller: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
};

/** What a request asks for, found before anything is done. */
export type Operation = {
  readonly name: string;
  readonly target: Target;
  run(): Promise<Reply> | Reply;
};

/** One service: finds the operation of a request, and words its errors. */
export type Endpoint = {
  readonly service: Service;
  route(request: Request): Promise<Operation> | Operation;
  refusal(error: AwsError, requestId: string, isHead: boolean): Reply;
};

export type ServerParts = {
  readonly clock: Clock;
  readonly calls: CallLog;
  readonly faults: FaultPlan;
  /** Chooses the service of a request. */
  endpointOf(request: Request): Endpoint;
  /** Throws where the caller may not do this. */
  authorize(call: Call): void;
  effects(call: Call): BodyEffects;
};

export type Server = { readonly endpoint: string; stop(): Promise<void> };

/** Serves on a free port of 127.0.0.1, or on `port`. */
export async function serve(parts: ServerParts, port = 0): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      // A defect of the local AWS itself must be seen, and must not look like a fault of AWS.
      console.error(`local-aws: ${request.method} ${request.url}:`, error);
      response.destroy();
    });
  });
  server.on('connection', (socket: Socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  parts: ServerParts,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort('closed'));
  const request = requestOf(incoming, gone.signal);
  const endpoint = parts.endpointOf(request);
  let call: Call | undefined;
  let reply: Reply;
  let faults: ReturnType<FaultPlan['take']> = [];
  const requestId = crypto.randomUUID();
  try {
    const operation = await endpoint.route(request);
    call = parts.calls.begin({
      service: endpoint.service,
      operation: operation.name,
      caller: request.caller,
      at: parts.clock.now(),
      ...operation.target,
    });
    faults = parts.faults.take(call);
    if (faults.length > 0) call.faults = faults.map(({ kind }) => kind);
    const effects = parts.effects(call);
    const early = ofKind(faults, 'run');
    await early?.before?.();
    if (ofKind(faults, 'failBefore')) return void incoming.socket.resetAndDestroy();
    const swap = ofKind(faults, 'swapObject');
    if (swap && swap.at === undefined) await effects.swap(swap.body);
    const removal = ofKind(faults, 'deleteObject');
    if (removal && removal.at === undefined) effects.remove();
    const planned = ofKind(faults, 'status');
    if (planned) {
      throw new AwsError(
        planned.status,
        planned.code,
        planned.message ?? planned.code,
        planned.headers ?? {},
      );
    }
    parts.authorize(call);
    reply = await operation.run();
    await early?.after?.();
    if (ofKind(faults, 'lostResponse')) return void incoming.socket.resetAndDestroy();
  } catch (error) {
    if (incoming.destroyed && !incoming.complete) return;
    if (!(error instanceof AwsError)) throw error;
    if (call) call.code = error.code;
    reply = endpoint.refusal(error, requestId, incoming.method === 'HEAD');
  }
  if (call) call.status = reply.status;
  if (!incoming.complete) incoming.resume();
  const headers = { 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId, ...reply.headers };
  const effects = call ? parts.effects(call) : NO_EFFECTS;
  await send(incoming, response, { ...reply, headers }, faults, effects);
}

const NO_EFFECTS: BodyEffects = { sleep: async () => {}, swap: async () => {}, remove: () => {} };

function requestOf(incoming: IncomingMessage, gone: AbortSignal): Request {
  const [path, query] = (incoming.url ?? '/').split(/\?(.*)/s);
  const authorization = incoming.headers.authorization ?? '';
  return {
    method: incoming.method ?? 'GET',
    host: incoming.headers.host ?? '',
    path: path!,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    caller: /Credential=([^/,]+)\//.exec(authorization)?.[1] ?? 'anonymous',
    body: incoming,
    gone,
  };
}

/** The whole body as text, for the services whose requests are small. */
export async function textOfBody(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
