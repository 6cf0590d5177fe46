import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

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
        npm_config_progress: 'false',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
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

  /**
   * Runs a line at a terminal (util-linux's script makes one) and answers its questions: `says` is waited for, and then
   * `type` is typed; `\x03` is Ctrl-C.
   */
  async typed(
    line: string,
    answers: readonly { readonly says: string; readonly type: string }[],
    environment: Readonly<Record<string, string>>,
  ): Promise<Ended> {
    const { child, ended } = this.start(`script -qec "$LINE" /dev/null`, { ...environment, LINE: line });
    let [seen, at] = ['', 0];
    child.stdout!.on('data', (text: string) => {
      seen += text;
      const next = answers[at];
      if (!next || !seen.includes(next.says)) return;
      [seen, at] = ['', at + 1];
      child.stdin!.write(next.type);
    });
    const { status, output } = await ended;
    return { status, output: stripVTControlCharacters(output).replaceAll(/\r+\n?/g, '\n') };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** Whether a command runs on this machine; where it does not, the tests with it are skipped, which this says. */
export function has(command: string, ...args: readonly string[]): boolean {
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  const isThere = error === undefined && status === 0;
  if (!isThere) process.stderr.write(`${command} ${args.join(' ')} does not run: its tests are SKIPPED\n`);
  return isThere;
}
