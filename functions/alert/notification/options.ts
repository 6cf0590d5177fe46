import type { Locale } from '../ruleset/index.ts';

/** What rendering depends on besides the alert itself. */
export type RenderOptions = {
  readonly locale: Locale | 'both';
  /** Kibana's address with its space: KQL queries become links as well. */
  readonly kibanaUrl?: string | undefined;
  /** Where alerts and reports are kept; without it nothing is said to be archived. */
  readonly archiveBucket?: string | undefined;
  /** Region of that bucket, such as `cn-north-1`: the report becomes a link to the AWS console. */
  readonly region?: string | undefined;
  /** IANA name of the reader's time zone, shown beside UTC. */
  readonly timeZone?: string | undefined;
  /** `labelled`: Slack's form; `bare`: the address behind its label, which Slack and Teams both make a link of. */
  readonly chatLinks?: 'labelled' | 'bare' | undefined;
  /** A repeat is quiet while the last message about it is no older; absent: every repeat is sent. */
  readonly repeatMinutes?: number | undefined;
  /** Hex SHA-256 of UTF-8 text. */
  readonly sha256: (text: string) => string;
};
