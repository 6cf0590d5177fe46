/**
 * A triage guide read from Markdown. Every paragraph and step ends with its number as a comment, `<!-- I01a -->`,
 * so that both languages and the rule's own list of steps can be held together. Queries are fenced blocks whose
 * info string is `osquery` and the label.
 */
export type Guide = { readonly sections: readonly GuideSection[] };

export type GuideSection = {
  readonly number: string;
  readonly heading: string;
  /** 1 or 2, the number of `#`. */
  readonly level: number;
  readonly steps: readonly GuideStep[];
};

export type GuideStep = {
  /** `I01a`; empty in a foreign rule's guide. */
  readonly number: string;
  /** 0: a paragraph; 1 and more: a list item at that depth. */
  readonly depth: number;
  /** Inline text with `{{placeholders}}`; no other markup than `code` spans. */
  readonly text: string;
  readonly query?: { readonly language: string; readonly label: string; readonly text: string };
};

/** Names a guide or a location may use besides the fields of an event; notification/ gives each its sentence. */
export const PLACEHOLDERS = [
  'host', 'owner', 'requester', 'writer', 'program', 'data', 'service', 'location', 'key', 'value', 'type', 'time',
  'window48h', 'history', 'lag',
  'query.did-it-run', 'query.tree', 'query.network', 'query.registry-writes', 'query.prevalence', 'query.alerts-48h',
  'query.file-origin', 'query.remote', 'query.who-is-sid', 'query.still-there', 'query.hash', 'query.previous-value',
  'query.remove', 'query.evidence',
] as const; // biome-ignore format: one look
