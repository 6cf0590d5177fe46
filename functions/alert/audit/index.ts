/** The entry point of the audit, which compares the buckets with the ledger. */

export { type AuditedPage, auditBuckets, missingLine } from './audit-buckets.ts';
export { ledgerIn, type ReadStates } from './ledger-state.ts';
export { objectsIn, type Span } from './listed-objects.ts';
export { silentRules } from './silent-rules.ts';
