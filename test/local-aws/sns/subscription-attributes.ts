import type { Subscription } from './topics.ts';
import { invalid } from './validate.ts';

const SUBSCRIPTION_ATTRIBUTES = ['FilterPolicy', 'RawMessageDelivery'];

export function setSubscriptionAttribute(subscription: Subscription, name: string, value: string): void {
  if (!SUBSCRIPTION_ATTRIBUTES.includes(name)) throw invalid('AttributeName');
  if (name === 'FilterPolicy' && value !== '') checkFilterPolicy(value);
  subscription.attributes[name] = value;
}

function checkFilterPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('FilterPolicy: failed to parse JSON');
  }
  if (typeof policy !== 'object' || policy === null) throw invalid('FilterPolicy: must be an object');
  const entries = Object.entries(policy);
  if (entries.length > 5) throw invalid('FilterPolicy: Filter policy can not have more than 5 keys');
  if (!entries.every(([, conditions]) => Array.isArray(conditions))) {
    throw invalid('FilterPolicy: must be an object whose values are arrays');
  }
  if (entries.reduce((product, [, conditions]) => product * conditions.length, 1) > 150) {
    throw invalid('FilterPolicy: Filter policy is too complex');
  }
}
