/**
 * The native part of AWS's runtime interface client, by HTTP in JavaScript: its three functions and nothing else.
 * The native one blocks while it posts; here the next invocation is asked for when the post has been answered.
 * Every environment that a test starts loads it: to strip types, or to import `node:http` as an ES module, which reads
 * its properties and with them loads all of fetch, costs each 25 ms.
 */
const { Agent, request } = process.getBuiltinModule('node:http');
const API = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let posting = Promise.resolve();

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(API + path, { method, agent, headers }, response => {
      const chunks = [];
      response
        .on('data', chunk => chunks.push(chunk))
        .on('end', () => resolve({ body: Buffer.concat(chunks).toString(), headers: response.headers }))
        .on('error', reject);
    });
    sent.on('error', reject).end(body);
  });
}

export async function next() {
  await posting;
  const { body, headers } = await ask('GET', 'next');
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return { bodyJson: body, headers: { ...headers, 'lambda-runtime-deadline-ms': deadline } };
}

export function done(id, body) {
  posting = ask('POST', `${id}/response`, body);
}

export function error(id, body, xray) {
  posting = ask('POST', `${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': xray });
}
