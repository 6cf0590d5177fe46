import type { FlagSpec, Flags } from '../flags.ts';
import { type Io, UsageError } from '../io.ts';

/** Flags that describe the deployed function. */
export const DEPLOYMENT_FLAGS = {
  'source-bucket': 'text',
  prefix: 'text',
  'source-account': 'text',
  'archive-bucket': 'text',
  'canary-bucket': 'text',
  'alert-topic': 'text',
  'operations-topic': 'text',
  'records-topic': 'text',
  'queue-url': 'text',
  'backfill-queue-url': 'text',
} as const satisfies FlagSpec;

export type DeploymentFlag = keyof typeof DEPLOYMENT_FLAGS;

/** The environment variable that a missing flag defaults to: the function's own setting where there is one. */
const VARIABLES: Readonly<Record<DeploymentFlag, string>> = {
  'source-bucket': 'SOURCE_BUCKETS',
  prefix: 'SOURCE_PREFIX',
  'source-account': 'REGISTRY_ALERT_SOURCE_ACCOUNT',
  'archive-bucket': 'ARCHIVE_BUCKET',
  'canary-bucket': 'REGISTRY_ALERT_CANARY_BUCKET',
  'alert-topic': 'ALERT_TOPIC_ARN',
  'operations-topic': 'OPERATIONS_TOPIC_ARN',
  'records-topic': 'REGISTRY_ALERT_RECORDS_TOPIC_ARN',
  'queue-url': 'QUEUE_URL',
  'backfill-queue-url': 'BACKFILL_QUEUE_URL',
};

/** For the usage of a command: each flag with its variable. */
export function deploymentHelp(...names: readonly DeploymentFlag[]): string {
  return names.map(name => `    --${name.padEnd(20)} or ${VARIABLES[name]}`).join('\n');
}

export type Deployment = {
  /** The value, or `undefined`. */
  readonly get: (name: DeploymentFlag) => string | null;
  /** @throws UsageError that names the flag and the variable. */
  readonly need: (name: DeploymentFlag) => string;
  /** @throws UsageError when there is none. */
  readonly sourceBuckets: () => readonly string[];
  /** The prefix to look at. @throws UsageError when the function reads nothing below it. */
  readonly prefix: () => string;
};

export function deploymentOf(flags: Flags<typeof DEPLOYMENT_FLAGS>, { environment }: Io): Deployment {
  const get = (name: DeploymentFlag): string | null => flags[name] || environment[VARIABLES[name]] || null;
  const need = (name: DeploymentFlag): string => {
    const value = get(name);
    if (value === null) throw new UsageError(`--${name} is missing; give it, or set ${VARIABLES[name]}`);
    return value;
  };
  return {
    get,
    need,
    sourceBuckets: () =>
      need('source-bucket')
        .split(',')
        .map(name => name.trim()),
    prefix: () => {
      const read = environment[VARIABLES.prefix] ?? '';
      const asked = flags.prefix ?? read;
      if (!asked.startsWith(read))
        throw new UsageError(
          `--prefix ${JSON.stringify(asked)}: the function reads only keys that begin with ${JSON.stringify(read)}`,
        );
      return asked;
    },
  };
}
