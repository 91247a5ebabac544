/**
 * The name of a program for a mail: a few known words, and nothing else from the User-Agent, so that our mails never carry a
 * stranger's message.
 */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
]

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

const firstOf = (table: typeof PROGRAMS, text: string): string | undefined => table.find(([pattern]) => pattern.test(text))?.[1]

/** `Firefox, Windows`, as far as it is known; null if it is not. */
export const programOf = (userAgent: string | null): string | null => {
  const text = userAgent?.slice(0, 500) ?? ''
  const known = [firstOf(PROGRAMS, text), firstOf(SYSTEMS, text)].filter((word) => word !== undefined)
  return known.length === 0 ? null : known.join(', ')
}
