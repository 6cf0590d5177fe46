import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Templates are linted by their own test, and moto refuses them for warnings too (W1028, W1030). */
const WITHOUT_LINT = `
import moto.cloudformation.models as models
models.validate_template_cfn_lint = lambda template: []
from moto.server import main
main()
`;

/** moto's server on a free port, or why there is none. `lints`: whether it refuses what cfn-lint finds in a template. */
export async function startMoto({
  lints = true,
} = {}): Promise<{ server: ChildProcess; endpoint: string } | string> {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'moto_server'))
    .find(one => existsSync(one));
  if (path === undefined) return 'moto_server is not on PATH';
  const [command, ...first] = lints ? [path] : ['python3', '-c', WITHOUT_LINT];
  const server = spawn(command!, [...first, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const started = new Promise<string | null>(resolve => {
    const lines = createInterface({ input: server.stderr });
    lines.on('line', line => {
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (found) resolve(found[1]!);
    });
    lines.on('close', () => resolve(null));
    server.on('error', () => resolve(null));
    setTimeout(resolve, 40_000, null).unref();
  });
  const endpoint = await started;
  if (endpoint !== null) return { server, endpoint };
  server.kill();
  return `${lints ? path : 'moto'} does not start`;
}
