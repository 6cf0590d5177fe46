import { documentMatches } from './sns/filter.ts';

/** An EventBridge rule whose target is a queue. */
export type Rule = { readonly pattern: unknown; readonly targetArn: string };

/** The account's default event bus. */
export class EventBus {
  readonly #rules: Rule[] = [];
  readonly #send: (arn: string, body: string) => void;

  constructor(send: (arn: string, body: string) => void) {
    this.#send = send;
  }

  putRule(rule: Rule): void {
    this.#rules.push(rule);
  }

  putEvent(event: unknown): void {
    for (const { pattern, targetArn } of this.#rules) {
      if (documentMatches(pattern, event)) this.#send(targetArn, JSON.stringify(event));
    }
  }
}
