import { Agent, request } from 'node:http';

/**
 * The native part of AWS's runtime interface client, by HTTP in JavaScript: its three functions and nothing else.
 * The native one blocks while it posts; here the next invocation is asked for when the post has been answered.
 */
const API = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let posting: Promise<unknown> = Promise.resolve();

type Answer = { readonly body: string; readonly headers: Record<string, unknown> };

function ask(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(API + path, { method, agent, headers }, response => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => resolve({ body: Buffer.concat(chunks).toString(), headers: response.headers }))
        .on('error', reject);
    });
    sent.on('error', reject).end(body);
  });
}

export async function next(): Promise<{ bodyJson: string; headers: Record<string, unknown> }> {
  await posting;
  const { body, headers } = await ask('GET', 'next');
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return { bodyJson: body, headers: { ...headers, 'lambda-runtime-deadline-ms': deadline } };
}

export function done(id: string, body: string): void {
  posting = ask('POST', `${id}/response`, body);
}

export function error(id: string, body: string, xray: string): void {
  posting = ask('POST', `${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': xray });
}
