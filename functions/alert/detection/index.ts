export type { Alert, Evidence, Facts, History } from './alert.ts';
export type { Query } from './eql/query.ts';
export type { JsonObject, JsonValue, ReadField, Scalar } from './json.ts';
export { LOCALES, type Locale, type Localized } from './locale.ts';
export type { Location, Rule } from './rule.ts';
