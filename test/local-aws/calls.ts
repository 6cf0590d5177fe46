export type Service = 's3' | 'sns' | 'sqs';

/** What a call is about; which of them are set depends on the operation. */
export type Target = {
  readonly bucket?: string;
  readonly key?: string;
  readonly versionId?: string;
  readonly prefix?: string;
  readonly topicArn?: string;
  readonly queueName?: string;
  /** `if-match` or `if-none-match`, where the call was conditional. */
  readonly condition?: string;
  readonly range?: string;
};

/** One request as it arrived, and how it ended. */
export type Call = Target & {
  readonly service: Service;
  readonly operation: string;
  /** The access key that signed it: the function and the test have different ones. */
  readonly caller: string;
  readonly at: number;
  /** 1 for the first call. */
  readonly number: number;
  status?: number;
  code?: string;
  /** Kinds of the faults that were applied. */
  faults?: readonly string[];
};

/** The record of every call, in the order of arrival. */
export class CallLog {
  readonly all: Call[] = [];

  begin(call: Omit<Call, 'number'>): Call {
    const recorded = { ...call, number: this.all.length + 1 };
    this.all.push(recorded);
    return recorded;
  }

  /** The calls of one operation, `GetObject` or `s3:GetObject`. */
  of(operation: string): readonly Call[] {
    return this.all.filter(call => isOf(call, operation));
  }

  clear(): void {
    this.all.length = 0;
  }
}

export function isOf(call: Pick<Call, 'service' | 'operation'>, operation: string): boolean {
  return operation === call.operation || operation === `${call.service}:${call.operation}`;
}
