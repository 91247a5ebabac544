/** A short name for a program, from its User-Agent header: the browser and the system of those that people use, else the first product. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const nameIn = (names: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  names.find(([pattern]) => pattern.test(text))?.[1]

export const deviceOf = (userAgent: string | null): string | undefined => {
  if (userAgent === null || userAgent === '') return undefined
  const browser = nameIn(BROWSERS, userAgent)
  if (browser === undefined) return userAgent.split(/[\s/]/, 1)[0]
  const system = nameIn(SYSTEMS, userAgent)
  return system === undefined ? browser : `${browser}, ${system}`
}
