import { noticeIdOf } from '../archive/index.ts';
import { type Detector, makeDetector } from '../detection/index.ts';
import { OS_TYPE_FALLBACK, rawForms, readField, readFields } from '../logs/index.ts';
import type { Notice } from '../notification/index.ts';
import { DeliveryError, type Telemetry } from '../observability/index.ts';
import {
  type Change,
  inflateStart,
  loadIndicators,
  loadRules,
  publishedRules,
  ruleFolders,
  sha256,
} from '../pipeline/index.ts';

import { type Indicators, type Rule, SetError, type SetStore } from '../ruleset/index.ts';
import type { Settings } from './settings.ts';

/** The rules as an environment runs them now. */
export type RunningRules = {
  readonly rules: readonly Rule[];
  readonly detector: Detector;
  /** Hash of everything that can change a match. */
  readonly rulesetDigest: string;
  /** Folders of a published set that the package lacks, so that the template has no alarm for them. */
  readonly unwatched: readonly string[];
  /** Published with the next object: a change of the rules, expired exceptions. Emptied afterwards. */
  readonly standing: Notice[];
};

/**
 * Gives the rules to run before each invocation: those of the package, which are read immediately, or the newest
 * published set that passes. `isPublished`: whether a notice has its receipt from the operations topic.
 * @throws RuleError immediately; DeliveryError `RulesUnavailable` later, if no published set can be used
 */
export function runningRules(
  settings: Settings,
  directory: string,
  store: SetStore | null,
  isPublished: (noticeId: string) => Promise<boolean>,
  telemetry: Telemetry,
): () => Promise<RunningRules> {
  if (store === null) {
    const running = ready(
      loadRules(directory, settings.rules),
      loadIndicators(directory),
      settings,
      directory,
      telemetry,
    );
    return async () => running;
  }
  const rejected = (error: unknown): void => {
    telemetry.count('RulesRejected', 1);
    telemetry.error('error', 'rules.rejected', error instanceof SetError ? unavailable(error) : error);
  };
  const published = publishedRules(store, {
    only: settings.rules,
    now: Date.now,
    onRejected: rejected,
    isAnnounced: change => isPublished(changeId(change)),
  });
  let running: RunningRules | null = null;
  let digest: string | null = null;
  return async () => {
    try {
      const { ruleset, changes } = await published.current();
      if (running !== null && ruleset.digest === digest) return running;
      // A change that no object has published yet still has to be.
      const unsent = (running?.standing ?? []).filter(({ kind }) => kind === 'rules-changed');
      running = ready(ruleset.rules, ruleset.indicators, settings, directory, telemetry);
      running.standing.push(...unsent);
      digest = ruleset.digest;
      if (settings.archiveBucket !== null) running.standing.push(...changes.map(changeNotice));
      return running;
    } catch (error) {
      if (!(error instanceof SetError)) throw error;
      rejected(error);
      throw unavailable(error);
    }
  };
}

/** Its message is logged: it quotes rules, never events. */
function unavailable(error: SetError): DeliveryError {
  return new DeliveryError('RulesUnavailable', `${error.message} [${error.code}]`, { cause: error });
}

function ready(
  rules: readonly Rule[],
  indicators: Indicators,
  settings: Settings,
  directory: string,
  telemetry: Telemetry,
): RunningRules {
  const detector = makeDetector(rules, {
    readField,
    readFields,
    sha256,
    dedupScope: settings.dedupScope,
    osTypeFallback: settings.endgameOsType === 'on' ? OS_TYPE_FALLBACK : [],
    indicators,
    inflate: inflateStart,
    mapping: { name: settings.normalize, forms: rawForms(settings.normalize) },
  });
  telemetry.log('info', 'function.started', {
    note: rules.map(rule => `${rule.folder} ${rule.version}`).join(', '),
  });
  const rulesetDigest = rulesetDigestOf(
    settings,
    rules.map(rule => rule.digest),
  );
  const ofPackage = ruleFolders(directory);
  return {
    rules,
    detector,
    rulesetDigest,
    unwatched: rules.map(({ folder }) => folder).filter(folder => !ofPackage.includes(folder)),
    standing: expiredNotices(rules, settings, telemetry),
  };
}

/** Everything that can change which events match: the rules with their exceptions, and these settings. */
function rulesetDigestOf(
  { dedupScope, endgameOsType, limits, normalize }: Settings,
  digests: readonly string[],
): string {
  return sha256(JSON.stringify([digests, dedupScope, endgameOsType, limits, normalize]));
}

const changeId = ({ from, to, published }: Pick<Change, 'from' | 'to' | 'published'>): string =>
  noticeIdOf(sha256, 'rules-changed', from, to, published);

/** The same for every environment that adopts the set, so that its receipt lets only one notice out. */
function changeNotice(change: Change): Notice {
  const { from, to, exceptionsAdded, indicators } = change;
  return {
    id: changeId(change),
    kind: 'rules-changed',
    from,
    to,
    added: change.added,
    removed: change.removed,
    changed: change.changed,
    indicators,
    exceptions: exceptionsAdded.map(({ rule, exception }) => ({ rule, exception })),
  };
}

/**
 * A line and a metric for each expired exception, and a notice that is sent once because of its receipt; without
 * an archive there is no receipt, so only the line. Only this reads the clock, and it changes no match.
 */
function expiredNotices(rules: readonly Rule[], settings: Settings, telemetry: Telemetry): Notice[] {
  const expired = rules.flatMap(rule =>
    rule.exceptions
      .filter(({ expiresMs }) => expiresMs <= Date.now())
      .map(exception => ({ rule, exception })),
  );
  for (const { rule, exception } of expired) {
    telemetry.count('ExceptionsExpired', 1, rule.folder);
    const note = `exception ${exception.id} of ${rule.folder} expired ${exception.expires} and no longer applies`;
    telemetry.log('warn', 'function.started', { note });
  }
  if (settings.archiveBucket === null) return [];
  return expired.map(({ rule, exception }) => ({
    id: noticeIdOf(sha256, 'expired-exception', rule.id, exception.id, exception.expires),
    kind: 'expired-exception',
    rule,
    exception,
  }));
}
