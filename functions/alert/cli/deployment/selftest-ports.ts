import type { clients } from '../clients.ts';

/** The result of one check. */
export type Finding = { readonly state: 'ok' | 'failed' | 'skipped'; readonly says: string };

/** One check. `does` says in advance what it will do. */
export type Check = {
  readonly name: string;
  readonly does: string;
  /** @throws AwsFailure, which counts as a result as well */
  readonly find: () => Promise<Finding>;
};

/** What the checks need from outside. */
export type SelftestPorts = {
  readonly s3: Awaited<ReturnType<typeof clients.s3>>;
  readonly sns: Awaited<ReturnType<typeof clients.sns>>;
  readonly sqs: Awaited<ReturnType<typeof clients.sqs>>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly waitSeconds: number;
};
