import type { Detector, Match, ObjectIdentity, Verdict } from '../detection/index.ts';
import { DEFAULT_LIMITS, type LogEvent } from '../logs/index.ts';
import { encode } from '../notification/index.ts';
import { evaluateEvent, sha256 } from '../pipeline/index.ts';
import type { Rule } from '../ruleset/index.ts';
import { readFlags } from './flags.ts';
import { asOfOf, fileFacts } from './input/as-of.ts';
import { loadDetector } from './input/load-detector.ts';
import { readLog } from './input/read-log.ts';
import { type Io, UsageError } from './io.ts';

export const usage = `registry-alert compare --rules A --against B [--as-of TIME] PATH…
  reads the logs once with the rules of both directories and prints each event that alerts with A and not with B
  (gained), with B and not with A (lost, with the exception that accepts it), or differently (changed); status 1 if
  any is lost, a rule is refused, or part of the logs could not be read; each may be
  the folder of one rule`;

type Difference = {
  readonly kind: 'gained' | 'lost' | 'changed';
  readonly by: string;
  readonly path: string;
};

/** Compares the verdicts of two sets of rules, event by event. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { flags, operands } = readFlags(args, { rules: 'text', against: 'text', 'as-of': 'time' });
  if (flags.rules === undefined || flags.against === undefined || operands.length === 0) {
    throw new UsageError('compare needs --rules A, --against B and a path');
  }
  const sides = [loadDetector(flags.rules, io), loadDetector(flags.against, io)] as const;
  const [{ detector: now }, { detector: before }] = sides;
  const literals =
    now.literals && before.literals ? [...new Set([...now.literals, ...before.literals])] : null;
  const counts = new Map<string, number>();
  let unsound = sides.some(({ isWhole }) => !isWhole);
  for (const path of operands) {
    const { isWhole } = await readLog(path, io, input => {
      const asOfMs = asOfOf(input, flags['as-of']);
      const object = fileFacts(input, asOfMs);
      return {
        literals,
        limits: DEFAULT_LIMITS,
        onEvent: async event => {
          for (const difference of differences(now, before, event, object, asOfMs)) {
            const group = `${difference.kind.padEnd(8)}${difference.by}`;
            counts.set(group, (counts.get(group) ?? 0) + 1);
            await io.out(`${group}  ${input.name} record ${event.record}  ${encode(difference.path, 300)}\n`);
          }
        },
      };
    });
    if (!isWhole) unsound = true;
  }
  const total = (kind: string): number =>
    [...counts].reduce((sum, [group, count]) => sum + (group.startsWith(kind) ? count : 0), 0);
  for (const [group, count] of counts) await io.out(`${String(count).padStart(7)} ${group}\n`);
  await io.out(`${total('gained')} gained, ${total('lost')} lost, ${total('changed')} changed\n`);
  return unsound || total('lost') > 0 ? 1 : 0;
}

function* differences(
  now: Detector,
  before: Detector,
  event: LogEvent,
  object: ObjectIdentity,
  asOfMs: number | null,
): Generator<Difference> {
  const [a, b] = [now, before].map(detector => byRule(evaluateEvent(detector, event, object, asOfMs)));
  for (const id of new Set([...a!.keys(), ...b!.keys()])) {
    const [ours, theirs] = [a!.get(id), b!.get(id)];
    const match = matchOf(ours) ?? matchOf(theirs);
    if (!match) continue;
    const path = match.facts.registry.path;
    const by = match.rule.folder;
    if (ours?.kind === 'match' && theirs?.kind !== 'match')
      yield { kind: 'gained', by: by + reason(theirs), path };
    else if (ours?.kind !== 'match' && theirs?.kind === 'match')
      yield { kind: 'lost', by: by + reason(ours), path };
    else if (ours?.kind === 'match' && theirs?.kind === 'match' && looks(ours) !== looks(theirs))
      yield { kind: 'changed', by, path };
  }
}

function matchOf(verdict: Verdict | undefined): Match | null {
  return verdict?.kind === 'match' || verdict?.kind === 'excepted' ? verdict.match : null;
}

/** An event that a rule could not evaluate cannot be compared: the reader counts it as skipped. */
function byRule(verdicts: readonly Verdict[]): Map<string, Verdict> {
  return new Map(
    verdicts.map(verdict => {
      if (verdict.kind === 'evaluation-error') throw verdict.error;
      return ['match' in verdict ? verdict.match.rule.id : verdict.rule.id, verdict];
    }),
  );
}

/** Why a rule that is true for the event gives no alert. */
function reason(verdict: Verdict | undefined): string {
  if (verdict?.kind === 'excepted') return ` exception ${verdict.exception.id}`;
  if (verdict?.kind === 'undecidable') return ' (undecidable)';
  return verdict?.kind === 'other-index' ? ' (another index)' : '';
}

/** The parts of an alert whose change a reader would see. */
function looks({ match }: Extract<Verdict, { kind: 'match' }>): string {
  const { rule, location, osTypeFrom } = match;
  return JSON.stringify([wordsOf(rule), location, osTypeFrom]);
}

const words = new WeakMap<Rule, string>();

/** What a rule says in each of its alerts; computed once per rule, since a guide is long. */
function wordsOf(rule: Rule): string {
  const { name, description, severity, riskScore, version, threats, tags, references, guides } = rule;
  const known = words.get(rule);
  if (known !== undefined) return known;
  const all = [name, description, severity, riskScore, version, threats, tags, references, guides];
  const text = sha256(JSON.stringify(all));
  words.set(rule, text);
  return text;
}
