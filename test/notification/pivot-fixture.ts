import type { Alert, Facts } from '../../functions/alert/detection/index.ts';
import { commandFacts, readPayload } from '../../functions/alert/detection/payload/index.ts';
import type { JsonObject } from '../../functions/alert/eql/index.ts';
import {
  type Pivot,
  type PivotLanguage,
  type PivotName,
  pivots,
} from '../../functions/alert/notification/queries/pivots.ts';
import type { Location } from '../../functions/alert/ruleset/index.ts';
import { alertOf, runKeyEvent } from './fixture.ts';

/** What a test says of an alert; everything else is an ordinary Run key of one user. */
export type Differences = {
  readonly registry?: Partial<Facts['registry']>;
  readonly facts?: Partial<Facts>;
  readonly evidence?: Partial<Alert['evidence']>;
  readonly location?: Partial<Location> | null;
  readonly event?: JsonObject;
};

/** The alert of an ordinary Run key of one user. */
const ORDINARY = alertOf(runKeyEvent());

/** An alert whose facts can be chosen one by one. */
export function pivotAlert(differences: Differences = {}): Alert {
  const { registry, facts, evidence, location, event = {} } = differences;
  const place = location === null ? null : { ...ORDINARY.location!, ...location };
  const written = { ...ORDINARY.facts.registry, ...registry };
  const payload = readPayload({ ...written, form: place?.payload ?? null });
  return {
    ...ORDINARY,
    id: '6f1d0c'.padEnd(64, '0'),
    event,
    evidence: { ...ORDINARY.evidence, etag: '"9b2cf535f27731c974343645a3985328"', ...evidence },
    location: place,
    locations: place === null ? [] : [place],
    facts: { ...ORDINARY.facts, ...commandFacts(payload, written.data), ...facts, registry: written },
    payload,
  };
}

/** The pivots of a name, in one language of queries when given. */
export const ask = (differences: Differences, name: PivotName, language?: PivotLanguage): readonly Pivot[] =>
  pivots(pivotAlert(differences), 'en').filter(
    pivot => pivot.name === name && (language === undefined || pivot.language === language),
  );
