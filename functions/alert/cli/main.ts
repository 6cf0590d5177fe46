import { fstatSync } from 'node:fs';
import type { AwsFailure } from '../aws/aws-failure.ts';
import type { EqlError } from '../eql/index.ts';
import type { SettingsError } from '../lambda/settings.ts';
import type { RuleError, SetError } from '../ruleset/index.ts';
import { unknown } from './flags.ts';
import { type Command, type Io, PipeClosed, type Refusal, type UsageError } from './io.ts';

/** One line for each command; a test compares it with the files of this folder. The bundle needs them by name. */
const COMMANDS: {
  readonly [name: string]: { readonly gives: string; readonly load: () => Promise<Command> };
} = {
  scan: {
    gives: 'the alerts in files of logs, read as the Lambda reads them',
    load: () => import('./scan.ts'),
  },
  match: { gives: 'the events for which an EQL query is true', load: () => import('./match.ts') },
  normalize: {
    gives: 'each event as the rules see it',
    load: () => import('./normalize.ts'),
  },
  eval: { gives: 'the value of a constant EQL expression', load: () => import('./eval.ts') },
  check: { gives: 'problems in the rules', load: () => import('./check.ts') },
  explain: { gives: 'why a record does or does not match', load: () => import('./explain.ts') },
  compare: {
    gives: 'alerts gained, lost and changed between two sets of rules',
    load: () => import('./compare.ts'),
  },
  rules: { gives: "Elastic's rules, added or updated from upstream", load: () => import('./rules.ts') },
  selftest: {
    gives: 'whether the deployment works, with one marked test alert',
    load: () => import('./selftest.ts'),
  },
  backfill: { gives: 'objects already in the bucket, sent to be read', load: () => import('./backfill.ts') },
  audit: {
    gives: 'objects that are not in the ledger: what was not scanned',
    load: () => import('./audit.ts'),
  },
};

/** Runs one command line; returns the exit status. Never throws. */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  let usage = '';
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      await io.out(overview());
      return name === undefined ? 2 : 0;
    }
    const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!entry) {
      io.err(`registry-alert: ${unknown('command', name, Object.keys(COMMANDS))}\n`);
      return 2;
    }
    const command = await entry.load();
    usage = command.usage;
    if (rest[0] === '--help' && name !== 'eval') {
      await io.out(`${usage}\n`);
      return 0;
    }
    return await command.run(rest, io);
  } catch (error) {
    return report(error, usage, io);
  }
}

/** By name, not by class: a command that is bundled into its own file has its own classes. */
function isA<Known extends Error>(error: unknown, name: Known['name']): error is Known {
  return error instanceof Error && error.name === name;
}

function report(error: unknown, usage: string, io: Io): number {
  if (isA<PipeClosed>(error, 'PipeClosed')) return 0;
  if (isA<AwsFailure>(error, 'AwsFailure')) {
    io.err(`registry-alert: ${error.message} [${error.code}]\n`);
    return error.status;
  }
  io.err(complaintOf(error, usage));
  return 2;
}

function complaintOf(error: unknown, usage: string): string {
  if (isA<UsageError>(error, 'UsageError')) return `registry-alert: ${error.message}\n\n${usage}\n`;
  if (isA<EqlError>(error, 'EqlError'))
    return error.errors
      .map(one => `query:${one.line}:${one.column}: ${one.message} [${one.code}]\n${one.excerpt}\n`)
      .join('');
  if (isA<RuleError>(error, 'RuleError')) return `${error.message}\n`;
  if (isA<SetError>(error, 'SetError')) return `registry-alert: ${error.message} [${error.code}]\n`;
  if (isA<SettingsError>(error, 'SettingsError') || isA<Refusal>(error, 'Refusal'))
    return `registry-alert: ${error.message}\n`;
  const { code, path } = Object(error) as NodeJS.ErrnoException;
  const advice = code === 'ENOSPC' ? 'free some space' : 'check the name and the permissions';
  if (code !== undefined && path !== undefined)
    return `registry-alert: ${path} cannot be read or written (${code}); ${advice}\n`;
  return `registry-alert: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map(name => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { gives }]) => `  ${name.padEnd(width)}  ${gives}`);
  return `registry-alert COMMAND …\n\n${lines.join('\n')}\n\nFor more about a command: registry-alert COMMAND --help\n`;
}

function processIo(): Io {
  let failure: Error | undefined;
  let stdout: NodeJS.WriteStream | undefined;
  let stderr: NodeJS.WriteStream | undefined;
  let isProgress = false;
  const outIsTerminal = mayBeTerminal(1) && process.stdout.isTTY === true;
  const fail = (error: NodeJS.ErrnoException): Error => {
    failure ??= error.code === 'EPIPE' ? new PipeClosed() : Object.assign(error, { path: 'standard output' });
    return failure;
  };
  return {
    out: text =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        stdout ??= process.stdout.on('error', fail);
        if (isProgress && outIsTerminal) stderr?.write('\r\x1b[K');
        isProgress = false;
        stdout.write(text, error => (error ? reject(fail(error)) : resolve()));
      }),
    err: text => {
      // Results matter though nobody reads what is wrong with them.
      stderr ??= process.stderr.on('error', () => {});
      stderr.write(text);
      isProgress = text.startsWith('\r');
    },
    stdin: () => {
      // Node reads a directory as an empty stream.
      if (fstatSync(0).isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
      return process.stdin;
    },
    outIsTerminal,
    errIsTerminal: mayBeTerminal(2) && process.stderr.isTTY === true,
    confirm: async question => {
      if (!process.stdin.isTTY) return false;
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    environment: process.env,
    now: Date.now,
  };
}

/** Checked before the process streams are created, which takes some milliseconds. */
function mayBeTerminal(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}
