import { unknown } from './flags.ts';
import { type Command, type Io, UsageError } from './io.ts';

/** One line for each subcommand; the last three need AWS. */
const SUBCOMMANDS: { readonly [name: string]: () => Promise<Pick<Command, 'run'>> } = {
  add: () => import('./rules/add-rules.ts'),
  update: () => import('./rules/update-rules.ts'),
  publish: () => import('./deployment/publish-rules.ts'),
  status: async () => ({ run: (await import('./deployment/publish-rules.ts')).status }),
  rollback: async () => ({ run: (await import('./deployment/publish-rules.ts')).rollback }),
};

export const usage = `registry-alert rules add PATH… [--to DIR]
  creates folders in DIR (default: the package's rules/) from Elastic's rule files: a file, a folder, or a checkout of
  detection-rules, whose version.lock.json gives the versions. Rules that cannot run are listed with the reason and the
  line; existing rules are not changed
registry-alert rules update [--rules DIR] CHECKOUT [--replay LOG…]
  merges changes in CHECKOUT since a rule was added or updated into the rules of DIR; guides, locations and exceptions
  are kept, and the changes are listed. If both sides changed the same lines, nothing is written
  --replay      first prints the alerts gained and lost over these logs; if any is lost, asks before writing
  Status 1: a file was refused, or a rule needs a manual merge
registry-alert rules publish [--dry-run] [--rules DIR] s3://BUCKET/PREFIX
  checks the rules as check does and writes them as one immutable set, then the pointer to it. A function whose
  REGISTRY_ALERT_RULES_URI is the prefix uses it within a minute
registry-alert rules status s3://BUCKET/PREFIX
  the last five sets, and which one runs
registry-alert rules rollback s3://BUCKET/PREFIX
  points to the previous set`;

/** Runs a subcommand. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError('rules needs a subcommand');
  const load = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (name === '--help' || rest.includes('--help')) {
    await io.out(`${usage}\n`);
    return 0;
  }
  if (!load) throw new UsageError(unknown('subcommand', name, Object.keys(SUBCOMMANDS)));
  return await (await load()).run(rest, io);
}
