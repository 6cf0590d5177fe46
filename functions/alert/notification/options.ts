import type { Locale } from '../ruleset/index.ts';

/** What rendering depends on besides the alert itself. */
export type RenderOptions = {
  readonly locale: Locale | 'both';
  /** Kibana's address with its space: KQL queries become links as well. */
  readonly kibanaUrl?: string | undefined;
  /** Where alerts and reports are stored; without it nothing is described as archived. */
  readonly archiveBucket?: string | undefined;
  /** Region of that bucket, such as `cn-north-1`: the report becomes a link to the AWS console. */
  readonly region?: string | undefined;
  /** IANA name of the reader's time zone, shown beside UTC. */
  readonly timeZone?: string | undefined;
  /** `labelled`: Slack's form; `bare`: the address after its label, which Slack and Teams both turn into a link. */
  readonly chatLinks?: 'labelled' | 'bare' | undefined;
  /** A repeat is quiet unless the last message about it is older than this; absent: every repeat is sent. */
  readonly repeatMinutes?: number | undefined;
  /** Hex SHA-256 of UTF-8 text. */
  readonly sha256: (text: string) => string;
};
