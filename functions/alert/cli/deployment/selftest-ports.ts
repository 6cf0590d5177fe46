import type { clients } from '../clients.ts';

/** What one check found. */
export type Finding = { readonly state: 'ok' | 'failed' | 'skipped'; readonly says: string };

/** One thing to be checked. `does` says in advance what checking it means. */
export type Check = {
  readonly name: string;
  readonly does: string;
  /** @throws AwsFailure, which is a finding too */
  readonly find: () => Promise<Finding>;
};

/** The parts of a check's world. */
export type SelftestPorts = {
  readonly s3: Awaited<ReturnType<typeof clients.s3>>;
  readonly sns: Awaited<ReturnType<typeof clients.sns>>;
  readonly sqs: Awaited<ReturnType<typeof clients.sqs>>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly waitSeconds: number;
};
