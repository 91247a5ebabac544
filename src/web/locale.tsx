/**
 * The language of the pages: that of the account, or else the one that was chosen here, or else the one that the server chose for the
 * document (`?lang=`, Accept-Language).
 */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { type InEach, type Locale, locales } from './locales.ts'
import { ar } from './texts/ar.ts'
import { en, type Texts } from './texts/en.ts'

const texts: InEach<Texts> = { en, ar }
/** With the region whose way of writing dates and numbers is used. */
const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', ar: 'ar-EG' }
const directions = { en: 'ltr', ar: 'rtl' } as const

const isLocale = (text: string | null): text is Locale => locales.some((locale) => locale === text)

const KEPT = 'vestibule:lang'

/** Storage may be forbidden. */
const storage = (): Storage | undefined => {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

const firstLocale = (): Locale => {
  const asked = new URLSearchParams(location.search).get('lang')
  const kept = storage()?.getItem(KEPT) ?? null
  return [asked, kept, document.documentElement.lang].find(isLocale) ?? 'en'
}

interface LocaleState {
  readonly locale: Locale
  /** `keep`: also when the page is opened again. */
  choose(locale: Locale, keep: boolean): void
}

const Context = createContext<LocaleState | undefined>(undefined)

export const useLocale = (): LocaleState => {
  const state = use(Context)
  if (state === undefined) throw new Error('useLocale needs a LocaleProvider')
  return state
}

export const useTexts = (): Texts => texts[useLocale().locale]

/** The part of a table of texts in the language of the page. */
export const useTextsOf = <T,>(table: InEach<T>): T => table[useLocale().locale]

export const LocaleProvider = ({ children }: { readonly children: ReactNode }) => {
  const [locale, setLocale] = useState(firstLocale)
  useEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = directions[locale]
  }, [locale])
  const choose = useCallback((chosen: Locale, keep: boolean) => {
    if (keep) storage()?.setItem(KEPT, chosen)
    setLocale(chosen)
  }, [])
  const state = useMemo(() => ({ locale, choose }), [locale, choose])
  return (
    <Context value={state}>
      <I18nProvider locale={tags[locale]}>{children}</I18nProvider>
    </Context>
  )
}

export interface Formats {
  time(iso: string): string
  day(iso: string): string
  number(value: number): string
  /** Of a part of one. */
  percent(part: number): string
}

export const useFormats = (): Formats => {
  const tag = tags[useLocale().locale]
  return useMemo(() => {
    const times = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
    const days = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' })
    const numbers = new Intl.NumberFormat(tag)
    const parts = new Intl.NumberFormat(tag, { style: 'percent' })
    return {
      time: (iso) => times.format(new Date(iso)),
      day: (iso) => days.format(new Date(iso)),
      number: (value) => numbers.format(value),
      percent: (part) => parts.format(part),
    }
  }, [tag])
}
