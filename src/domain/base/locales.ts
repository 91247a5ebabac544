/**
 * The languages of our mails and pages: a closed list. Each table of texts is a `Record<Locale, …>`, so that a language that
 * is added here does not compile until all its texts are there.
 */
export const locales = ['en', 'ar'] as const
export type Locale = (typeof locales)[number]

/** Which way a language is written. */
export const direction: Readonly<Record<Locale, 'ltr' | 'rtl'>> = { en: 'ltr', ar: 'rtl' }

/** The language that an account's row names; English for one that we do not have (any more). */
export const toLocale = (text: string): Locale => locales.find((locale) => locale === text) ?? 'en'

/** All languages, `first` at the front. */
export const localesFrom = (first: Locale): readonly Locale[] => [first, ...locales.filter((locale) => locale !== first)]
