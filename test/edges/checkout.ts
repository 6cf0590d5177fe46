import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a user has after `git clone` and `npm ci`. */
const PARTS = ['functions', 'infra', 'rules', 'package.json', 'serverless.yml'];

export type Ended = { readonly status: number | null; readonly output: string };

/** A checkout of its own, in which commands run as a user types them. */
export class Checkout {
  readonly directory = mkdtempSync(join(tmpdir(), 'checkout-'));

  constructor() {
    for (const part of PARTS) cpSync(part, join(this.directory, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(this.directory, 'node_modules'));
  }

  /** Starts a line of shell, in a process group of its own. */
  start(
    line: string,
    environment: Readonly<Record<string, string>>,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const child = spawn('bash', ['-c', line], {
      cwd: this.directory,
      detached: true,
      env: {
        PATH: `${resolve('node_modules/.bin')}:${process.env['PATH']}`,
        HOME: this.directory,
        SLS_AWS_MONITORING_FREQUENCY: '20',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => void output.push(text));
    const ended = new Promise<Ended>(done => {
      child.once('close', status => done({ status, output: output.join('') }));
    });
    return { child, ended };
  }

  run(line: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
    return this.start(line, environment).ended;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
