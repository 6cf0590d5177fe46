import type { Plain } from './format/safe-json.ts';

/** The content of one `Publish`, for every kind of subscriber at once. */
export type Message = {
  /** ASCII, 1 to 99 characters. */
  readonly subject: string;
  /** Plain text; empty in a message only for programs. */
  readonly email: string;
  /** An Amazon Q custom notification, as JSON text; also empty there. */
  readonly https: string;
  /** The alert or notice as JSON text, for queues and programs. */
  readonly default: string;
  /** At most ten; for filter policies. */
  readonly attributes: {
    readonly [name: string]: { readonly type: 'String' | 'Number'; readonly value: string };
  };
  readonly brief: Brief;
  /** Names of what was cut to fit, in the order of cutting; empty: nothing. */
  readonly cut: readonly string[];
};

/** The input for the smaller forms of a message, if SNS refuses the whole. */
export type Brief = {
  /** Of the chat message; empty in a message only for programs. */
  readonly title: string;
  readonly description: string;
  /** What identifies the alert or notice, its evidence and its rule. */
  readonly document: { readonly [name: string]: Plain | undefined };
};

type Document = { readonly [name: string]: Plain | undefined };

/** The members of a document that its smaller forms keep. */
export function briefDocument(document: Document): Brief['document'] {
  const { id, kind, incidentId, alertIds, evidence, object, rule } = document;
  const names = { id, kind, incidentId, alertIds, evidence, object };
  if (typeof rule !== 'object' || rule === null) return names;
  const { id: ruleId, name, severity, version } = rule as Document;
  return { ...names, rule: { id: ruleId, name, severity, version } };
}
