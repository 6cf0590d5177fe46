import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { nextSteps, prospect } from './deploy-words.ts';
import { osls, writePackage } from './package.ts';
import { parameterProblems, type Template } from './template.ts';

const ROOT = join(import.meta.dirname, '..');
const TEMPLATE = join(ROOT, '.serverless', 'cloudformation-template-update-stack.json');
const OUTPUTS = join(ROOT, 'out', 'outputs.json');

const USAGE = `npm run deploy -- [NAME=VALUE …] [--yes] [--values FILE]
  deploys the stack, or changes it. Values are kept in FILE, deployment.json if not given, so that the same line without
  them deploys the same again. AWS_REGION is the region of the source bucket; STACK_NAME, registry-alert if not set.
npm run remove -- [--yes]
  removes the stack. Archive, access logs, canaries and their key are kept.
`;

/** What deploying does to the world; tests hand in their own. */
export type Effects = {
  readonly package: () => void;
  readonly osls: (args: readonly string[], environment: Readonly<Record<string, string>>) => void;
  readonly read: (path: string) => string | null;
  readonly write: (path: string, text: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
  readonly say: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Gives the exit status: 0 done, 1 not confirmed or failed, 2 the call or its values are wrong. */
export async function deploy(args: readonly string[], effects: Effects): Promise<number> {
  const { say, environment } = effects;
  let call: ReturnType<typeof readCall>;
  try {
    call = readCall(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const region = environment['AWS_REGION'];
  if (!region) {
    say('AWS_REGION is not set; set it to the region of the source bucket\n');
    return 2;
  }
  const stack = environment['STACK_NAME'] ?? 'registry-alert';
  if (call.remove) return remove(stack, region, call.yes, effects);

  effects.package();
  const template = JSON.parse(effects.read(TEMPLATE) ?? '') as Template;
  const values = { ...JSON.parse(effects.read(call.file) ?? '{}'), ...call.values } as Record<string, string>;
  const problems = parameterProblems(template, values);
  if (problems.length > 0) {
    say(`the values of the deployment are wrong:\n${problems.map(problem => `  ${problem}\n`).join('')}`);
    return 2;
  }
  say(prospect(template, values, stack, region));
  if (!call.yes && !(await effects.confirm('Deploy it? [y/N] '))) {
    say('nothing was deployed: not confirmed (where there is no terminal, --yes does it)\n');
    return 1;
  }
  effects.write(call.file, `${JSON.stringify(values, null, 2)}\n`);
  // Without --force osls compares the template alone, and passes over a deployment that changes values.
  try {
    effects.osls(['deploy', '--force'], { DEPLOYMENT_VALUES: call.file });
  } catch (error) {
    say(
      `${(error as Error).message}; what stands above says why. CloudFormation took back what it had begun\n`,
    );
    return 1;
  }
  say(nextSteps(JSON.parse(effects.read(OUTPUTS) ?? '{}') as Record<string, string>, values));
  return 0;
}

async function remove(stack: string, region: string, yes: boolean, effects: Effects): Promise<number> {
  effects.say(`the stack ${stack} in ${region} is removed: function, queues with what is in them, topics with their
subscriptions, alarms. Kept: the archive bucket with alerts and receipts, the buckets of access logs and canaries, and
the key, without which nobody could read them. They cost little; whoever needs them no longer deletes them by hand.
`);
  if (!yes && !(await effects.confirm('Remove it? [y/N] '))) {
    effects.say('nothing was removed: not confirmed (where there is no terminal, --yes does it)\n');
    return 1;
  }
  try {
    effects.osls(['remove'], {});
  } catch (error) {
    effects.say(
      `${(error as Error).message}; what stands above says why. Run it again when that is mended\n`,
    );
    return 1;
  }
  effects.say('removed; the archive was kept\n');
  return 0;
}

function readCall(args: readonly string[]) {
  const { values: flags, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      remove: { type: 'boolean', default: false },
      values: { type: 'string', default: 'deployment.json' },
    },
  });
  const values = positionals.map(text => {
    const [name, value] = text.split(/=(.*)/s);
    if (value === undefined) throw new Error(`${JSON.stringify(text)} is not NAME=VALUE`);
    return [name!, value] as const;
  });
  return { yes: flags.yes, remove: flags.remove, file: flags.values, values: Object.fromEntries(values) };
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

if (import.meta.main) {
  process.exitCode = await deploy(process.argv.slice(2), {
    package: writePackage,
    osls,
    read: path => (existsSync(path) ? readFileSync(path, 'utf8') : null),
    write: (path, text) => writeFileSync(path, text),
    confirm,
    say: text => process.stdout.write(text),
    environment: process.env,
  });
}
