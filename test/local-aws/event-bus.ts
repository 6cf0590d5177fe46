import { documentMatches } from './sns/filter.ts';

/** An EventBridge rule whose target is a queue. */
export type Rule = {
  readonly pattern: unknown;
  readonly targetArn: string;
  /** The rule's own ARN, which the policy of the queue may ask for. */
  readonly arn?: string;
};

/** The account's default event bus. */
export class EventBus {
  readonly #rules: Rule[] = [];
  readonly #send: (rule: Rule, body: string) => void;

  constructor(send: (rule: Rule, body: string) => void) {
    this.#send = send;
  }

  putRule(rule: Rule): void {
    this.#rules.push(rule);
  }

  putEvent(event: unknown): void {
    for (const rule of this.#rules) {
      if (documentMatches(rule.pattern, event)) this.#send(rule, JSON.stringify(event));
    }
  }
}
