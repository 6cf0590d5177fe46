import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Io } from '../../functions/alert/cli/io.ts';
import { main } from '../../functions/alert/cli/main.ts';
import { built } from '../built.ts';
import type { LocalAws } from '../local-aws/index.ts';
import type { Ran } from './run-command.ts';

/** Whoever runs a command in these tests; `rights.deny` names him. */
export const DESK = 'desk';

/** A command line in this process, against a local AWS. */
export async function runAt(
  aws: LocalAws,
  args: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly confirms?: boolean;
    readonly now?: () => number;
  } = {},
): Promise<Ran & { readonly questions: readonly string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const questions: string[] = [];
  const io: Io = {
    out: async line => void out.push(line),
    err: line => void err.push(line),
    stdin: async function* () {},
    outIsTerminal: false,
    errIsTerminal: false,
    confirm: async question => {
      questions.push(question);
      return options.confirms ?? false;
    },
    environment: options.environment ?? {},
    now: options.now ?? Date.now,
  };
  const before = { ...process.env };
  Object.assign(process.env, aws.env(DESK));
  try {
    const status = await main(args, io);
    return { status, out: out.join(''), err: err.join(''), questions };
  } finally {
    for (const name of Object.keys(aws.env())) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** The built command line in a process of its own, with nothing of this one's environment; `kill` ends it at once. */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): { readonly kill: () => void; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [built('cli'), ...args], {
    env: { ...environment, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [text(child.stdout.pipe(new PassThrough())), text(child.stderr.pipe(new PassThrough()))];
  const status = new Promise<number>(resolve => child.once('close', code => resolve(code ?? -1)));
  return {
    kill: () => void child.kill('SIGKILL'),
    ended: (async () => ({ status: await status, out: await out, err: await err }))(),
  };
}
