/**
 * The languages of every text of a rule and of a message.
 *
 * @example
 * LOCALES; // ['en', 'zh-CN']
 */
export const LOCALES = ['en', 'zh-CN'] as const;

export type Locale = (typeof LOCALES)[number];

/** One text in each language. */
export type Localized<T = string> = { readonly [locale in Locale]: T };
