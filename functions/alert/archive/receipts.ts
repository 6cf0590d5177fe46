import { DeliveryError } from '../observability/index.ts';
import { keys, type Sha256, topicHashOf } from './keys.ts';
import { type Archive, readEntry } from './store.ts';

/** Receipts: proof that a topic accepted a message. Written only after Publish. */
export type Receipts = {
  readonly has: (id: string, topicArn: string) => Promise<boolean>;
  /** When SNS accepted it, milliseconds UTC; `null`: there is no receipt, or none that can be read. */
  readonly publishedMs: (id: string, topicArn: string) => Promise<number | null>;
  readonly write: (id: string, topicArn: string, carrier: Carrier) => Promise<void>;
};

/** The message that contained it: its incident, and its SNS message id, where known. */
type Carrier = { readonly incident?: string; readonly message: string | null };

type Receipt = { readonly published: string };

const isReceipt = (entry: Partial<Receipt>): entry is Receipt =>
  typeof entry.published === 'string' && Number.isFinite(Date.parse(entry.published));

const RECEIPT_ATTEMPTS = 3;

export function receiptsIn(
  archive: Archive,
  {
    sha256,
    now,
    sleep,
    warn,
  }: {
    readonly sha256: Sha256;
    readonly now: () => number;
    readonly sleep: (ms: number) => Promise<void>;
    readonly warn: (error: unknown) => void;
  },
): Receipts {
  const keyOf = (id: string, topicArn: string) => keys.receipt(id, topicHashOf(sha256, topicArn));
  return {
    has: (id, topicArn) => archive.has(keyOf(id, topicArn)),
    publishedMs: async (id, topicArn) => {
      const receipt = await readEntry(archive, keyOf(id, topicArn), isReceipt, warn);
      return receipt && Date.parse(receipt.published);
    },
    write: async (id, topicArn, carrier) => {
      const body = JSON.stringify({ id, topicArn, published: new Date(now()).toISOString(), ...carrier });
      for (let attempt = 1; ; attempt++) {
        try {
          await archive.put(keyOf(id, topicArn), body, 'application/json');
          return;
        } catch (error) {
          if (!(error instanceof DeliveryError) || error.class === 'config') throw error;
          if (attempt === RECEIPT_ATTEMPTS)
            throw new DeliveryError('ReceiptFailed', `message ${id} was published without a receipt`, {
              cause: error,
            });
          await sleep(200 * attempt);
        }
      }
    },
  };
}
