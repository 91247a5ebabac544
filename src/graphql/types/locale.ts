/** The languages of mails and pages, as the schema names them. */
import type { Locale } from '../../domain/base/locales.ts'
import { builder } from '../builder.ts'

const values: Readonly<Record<Uppercase<Locale>, { value: Locale; description: string }>> = {
  EN: { value: 'en', description: 'English.' },
  AR: { value: 'ar', description: 'Arabic.' },
}

export const LocaleEnum = builder.enumType('Locale', { description: 'A language of mails and pages.', values })
