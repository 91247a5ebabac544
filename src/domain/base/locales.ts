/**
 * The languages of mails and pages. Each table of texts is a `Record<Locale, …>`, so that a new language does not compile until all
 * its texts exist.
 */
export const locales = ['en', 'ar'] as const
export type Locale = (typeof locales)[number]

/** The direction in which a language is written. */
export const direction: Readonly<Record<Locale, 'ltr' | 'rtl'>> = { en: 'ltr', ar: 'rtl' }

/** The language stored for an account; English if it is not supported (any more). */
export const toLocale = (text: string): Locale => locales.find((locale) => locale === text) ?? 'en'

/** All languages, with `first` in front. */
export const localesFrom = (first: Locale): readonly Locale[] => [first, ...locales.filter((locale) => locale !== first)]
