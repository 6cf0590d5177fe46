import type { Query } from './eql/query.ts';
import type { Exception } from './exceptions.ts';
import type { Guide } from './guide.ts';
import type { Locale, Localized } from './locale.ts';

/** An entry of ATT&CK: `{ id: 'T1547.001', name: 'Registry Run Keys / Startup Folder', reference: 'https://…' }`. */
export type AttackEntry = { readonly id: string; readonly name: string; readonly reference: string };

/** One `[[rule.threat]]`: a tactic and its techniques, each with its sub-techniques. */
export type Threat = {
  readonly framework: string;
  readonly tactic: AttackEntry;
  readonly techniques: readonly (AttackEntry & { readonly subtechniques: readonly AttackEntry[] })[];
};

/** How sure it is that Windows acts on a value written at a location. */
export type Certainty = 'runs' | 'may-run' | 'no-known-effect';

/** What kind of thing the data of a location names. It decides which queries and which undo fit. */
export type Payload = 'command' | 'shell' | 'dll' | 'service-program' | 'script' | 'runonceex' | 'none';

/** One `[[location]]` of `locations.toml`. Texts may hold `{{placeholders}}` (see `guide.ts`). */
export type Location = {
  /** 1 to 24, the order of the rule's query. */
  readonly number: number;
  /** Positions (from 1) of its patterns in the query's list on `registry.path`. */
  readonly patterns: readonly number[];
  readonly hive: 'machine' | 'user';
  /** The documented key without hive and owner; `*` stands for one element. Compared ignoring ASCII case. */
  readonly key: string;
  /** The documented value name; `*` for any. */
  readonly value: string;
  readonly certainty: Certainty;
  readonly payload: Payload;
  /** `delete`: absent by default, so removal restores. `restore`: Windows needs a value here; never delete. */
  readonly undo: 'delete' | 'restore';
  readonly technique: AttackEntry;
  readonly text: Localized<LocationText>;
};

export type LocationText = {
  /** What was written, as the end of a sentence: `a Run key of one user`. */
  readonly what: string;
  /** Three to five ASCII words for the subject after "WMI wrote ": `an autorun`. English only is used. */
  readonly subject: string;
  /** When it runs: `at each logon of {{owner}}`. */
  readonly when: string;
  /** As whom, or that the event does not tell. */
  readonly asWhom: string;
  readonly notes: readonly string[];
  /** What else to look at on the host. */
  readonly checks: readonly string[];
  /** How to undo safely, in order. */
  readonly restore: readonly string[];
};

/** A detection rule, wholly validated: its query is compiled, its texts and exceptions are read. */
export type Rule = {
  /** Name of its folder. */
  readonly folder: string;
  readonly id: string;
  readonly name: Localized;
  readonly description: Localized;
  readonly version: number;
  readonly type: 'eql';
  readonly disabled: boolean;
  readonly indices: readonly string[];
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** 0 to 100. */
  readonly riskScore: number;
  /** As Elastic schedules it, for example `5m` and `now-9m`; the upload trigger replaces both. */
  readonly interval: string;
  readonly from: string;
  readonly lookBackMs: number;
  readonly maxSignals: number;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly license: string;
  readonly threats: readonly Threat[];
  /** The query as the file has it. */
  readonly queryText: string;
  readonly query: Query;
  readonly locations: readonly Location[];
  readonly guides: { readonly [locale in Locale]?: Guide };
  readonly exceptions: readonly Exception[];
  /** SHA-256 (hex) over every file that can change a verdict: rule, locations, exceptions. */
  readonly digest: string;
  /** What is allowed but not as it should be: a missing guide of a foreign rule, an exception near its end. */
  readonly warnings: readonly string[];
};
