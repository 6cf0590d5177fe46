import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { AwsFailure, awsFailureOf } from '../functions/alert/aws/aws-failure.ts';
import { ruleFolders } from '../functions/alert/pipeline/load-rules.ts';
import { accountProblems } from './deployment/account-problems.ts';
import { type Cloud, cloudIn } from './deployment/cloud.ts';
import { keptText, nextSteps, prospect } from './deployment/deploy-words.ts';
import { aftermath, kept } from './deployment/stack-status.ts';
import type { Template } from './deployment/template.ts';
import { splitTags, type Values, valueProblems } from './deployment/value-problems.ts';
import { writePackage } from './package.ts';

const ROOT = join(import.meta.dirname, '..');
const TEMPLATE = join(ROOT, '.serverless', 'cloudformation-template-update-stack.json');

const USAGE = `npm run deploy -- [NAME=VALUE …] [tag:KEY=VALUE …] [--yes] [--values FILE] [--skip-source-check]
  creates or updates the stack. Values are kept in FILE, deployment.json by default, so that the same command without
  them deploys the same again; an empty VALUE removes one. AWS_REGION is the region of the source bucket; STACK_NAME is
  registry-alert by default. --skip-source-check skips the check of the source bucket, for a deployer who may not list it.
npm run remove -- [--yes]
  removes the stack. Archive, access logs, canaries and their key are kept.
`;

/** The effects of deploying; tests pass in their own. */
export type Effects = {
  /** Builds bundle, zip and template, and returns the template. */
  readonly package: () => Template;
  /** Runs osls to its end. Returns its exit status, or `null` if a signal ended it. */
  readonly osls: (args: readonly string[], environment: Values) => Promise<number | null>;
  readonly cloud: (region: string) => Cloud;
  readonly read: (path: string) => string | null;
  readonly write: (path: string, text: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly say: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Returns the exit status: 0 done, 1 not confirmed or failed, 2 a usage error or invalid values. */
export async function deploy(args: readonly string[], effects: Effects): Promise<number> {
  try {
    return await run(args, effects);
  } catch (error) {
    const failure =
      '$metadata' in (error as object)
        ? awsFailureOf('this deployment', "the deployer's policy", error)
        : error;
    // A defect of ours keeps its stack.
    if (!(failure instanceof Error) || failure instanceof TypeError) throw error;
    effects.say(`${failure.message}\n`);
    return failure instanceof AwsFailure ? failure.status : 1;
  }
}

async function run(args: readonly string[], effects: Effects): Promise<number> {
  const { say, environment } = effects;
  if (args.includes('--help')) {
    say(USAGE);
    return 0;
  }
  let call: ReturnType<typeof readCall>;
  try {
    call = readCall(args);
  } catch (error) {
    // Node adds advice about operands that begin with a hyphen, which no value here does.
    say(`${(error as Error).message.replace(/\. To specify.*/s, '')}\n\n${USAGE}`);
    return 2;
  }
  const target = {
    region: environment['AWS_REGION'] ?? '',
    stack: environment['STACK_NAME'] || 'registry-alert',
    checksSource: !call.skipsSource && !call.remove,
  };
  const { region, stack } = target;
  const misplaced = [
    !/^[a-z]{2,3}(-[a-z]+)+-\d$/.test(region) &&
      (region === ''
        ? 'AWS_REGION is not set; set it to the region of the source bucket'
        : `AWS_REGION is ${JSON.stringify(region)}; a region such as eu-west-1 is expected`),
    // Names of queues, functions and roles begin with it.
    !/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/.test(stack) &&
      `STACK_NAME is ${JSON.stringify(stack)}; a letter and up to 39 letters, digits and - are expected`,
  ].filter(problem => problem !== false);
  if (call.remove) return misplaced.length > 0 ? refuse(misplaced, say) : remove(target, call.yes, effects);

  const template = effects.package();
  let values: Values;
  try {
    values = withChanges(effects.read(call.file), call.values);
  } catch (error) {
    return refuse([`${call.file} was not written by this command: ${(error as Error).message}`], say);
  }
  const folders = ruleFolders(join(ROOT, 'rules'));
  const problems = [
    ...misplaced,
    ...valueProblems(template, values, { region, folders }),
    ...(misplaced.length > 0 ? [] : await accountProblems(effects.cloud(region), values, target)),
  ];
  if (problems.length > 0) return refuse(problems, say);
  say(prospect(template, values, stack, region));
  if (!call.yes && !(await effects.confirm('Deploy it? [y/N] '))) {
    say('nothing was deployed: not confirmed (without a terminal, use --yes)\n');
    return 1;
  }
  effects.write(call.file, `${JSON.stringify(values, null, 2)}\n`);
  // Without --force osls compares only the template, and skips a deployment that changes values; without
  // --package it packages again.
  const status = await effects.osls(['deploy', '--force', '--package', '.serverless'], {
    DEPLOYMENT_VALUES: call.file,
  });
  if (status !== 0) return explain(status, target, effects);
  const { outputs = {} } = (await effects.cloud(region).stack(stack)) ?? {};
  say(nextSteps(outputs, splitTags(values).parameters));
  return 0;
}

type Target = Parameters<typeof accountProblems>[2];

async function remove(target: Target, yes: boolean, effects: Effects): Promise<number> {
  const { region, stack } = target;
  const cloud = effects.cloud(region);
  const problems = (await accountProblems(cloud, {}, target)).filter(
    // Removal is the cure for these.
    problem => !problem.includes('run npm run remove'),
  );
  if (problems.length > 0) return refuse(problems, effects.say);
  if ((await cloud.stack(stack)) === null) {
    effects.say(`there is no stack ${stack} in ${region}; nothing to remove\n`);
    return 0;
  }
  const remaining = kept(await cloud.resources(stack));
  effects.say(`this removes the stack ${stack} in ${region}: functions, queues with their messages, topics with their
subscriptions, alarms. ${keptText(remaining)}`);
  if (!yes && !(await effects.confirm('Remove it? [y/N] '))) {
    effects.say('nothing was removed: not confirmed (without a terminal, use --yes)\n');
    return 1;
  }
  const status = await effects.osls(['remove'], {});
  if (status !== 0) return explain(status, target, effects);
  effects.say('removed\n');
  return 0;
}

function refuse(problems: readonly string[], say: Effects['say']): number {
  say(`nothing was changed; fix these first:\n${problems.map(one => `  ${one}\n`).join('')}`);
  return 2;
}

/** The state of the stack after osls failed or was interrupted. */
async function explain(status: number | null, { region, stack }: Target, effects: Effects): Promise<number> {
  effects.say(
    status === null ? '\ninterrupted; CloudFormation finishes what it has begun\n' : '\nnot done\n',
  );
  try {
    effects.say(await aftermath(effects.cloud(region), stack));
  } catch (error) {
    effects.say(`the state of the stack ${stack} is unknown: ${(error as Error).message}\n`);
  }
  return 1;
}

function withChanges(kept: string | null, changes: Values): Values {
  const values = JSON.parse(kept ?? '{}') as unknown;
  const isFlat = (of: unknown): of is Values =>
    typeof of === 'object' &&
    of !== null &&
    !Array.isArray(of) &&
    Object.values(of).every(value => typeof value === 'string');
  if (!isFlat(values)) throw new Error('an object of strings is expected');
  return Object.fromEntries(Object.entries({ ...values, ...changes }).filter(([, value]) => value !== ''));
}

function readCall(args: readonly string[]) {
  const { values: flags, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      remove: { type: 'boolean', default: false },
      values: { type: 'string', default: 'deployment.json' },
      'skip-source-check': { type: 'boolean', default: false },
    },
  });
  const values = positionals.map(text => {
    const [name, value] = text.split(/=(.*)/s);
    if (value === undefined) throw new Error(`${JSON.stringify(text)} is not NAME=VALUE`);
    return [name!, value] as const;
  });
  return {
    yes: flags.yes,
    remove: flags.remove,
    file: flags.values,
    skipsSource: flags['skip-source-check'],
    values: Object.fromEntries(values),
  };
}

/** Asks on the terminal; without one, the answer is no. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } catch (error) {
    // Ctrl-C is an answer too.
    if ((error as Error).name !== 'AbortError') throw error;
    process.stdout.write('\n');
    return false;
  } finally {
    terminal.close();
  }
}

function runOsls(args: readonly string[], environment: Values): Promise<number | null> {
  const child = spawn(join(ROOT, 'node_modules/.bin/osls'), args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, SLS_NOTIFICATIONS_MODE: 'off', ...environment },
  });
  // Ctrl-C reaches osls directly; this process stays to report the state of the stack.
  const stay = (): void => {};
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stay);
  return new Promise((done, fail) => child.once('error', fail).once('close', status => done(status)));
}

if (import.meta.main) {
  process.exitCode = await deploy(process.argv.slice(2), {
    package: () => {
      writePackage();
      return JSON.parse(readFileSync(TEMPLATE, 'utf8')) as Template;
    },
    osls: runOsls,
    cloud: cloudIn,
    read: path => (existsSync(path) ? readFileSync(path, 'utf8') : null),
    write: (path, text) => writeFileSync(path, text),
    confirm,
    say: text => process.stdout.write(text),
    environment: process.env,
  });
}
