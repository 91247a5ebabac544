/** The languages of the pages. */
export const locales = ['en', 'ar'] as const
export type Locale = (typeof locales)[number]

/** A table of texts in each language. */
export type InEach<Texts> = Readonly<Record<Locale, Texts>>
