/** What one `Publish` carries to every kind of subscriber at once. */
export type Message = {
  /** ASCII, 1 to 99 characters. */
  readonly subject: string;
  /** Plain text. */
  readonly email: string;
  /** An Amazon Q custom notification, as JSON text. */
  readonly https: string;
  /** The alert or notice as JSON text, for queues and programs. */
  readonly default: string;
  /** At most ten; for filter policies. */
  readonly attributes: {
    readonly [name: string]: { readonly type: 'String' | 'Number'; readonly value: string };
  };
  /** Names of what was cut to fit, in the order of cutting; empty: nothing. */
  readonly cut: readonly string[];
};
