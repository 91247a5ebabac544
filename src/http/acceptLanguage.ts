/**
 * The language that a request asks for (RFC 9110, 12.5.4), by lookup (RFC 4647, 3.4): `ar-EG` finds `ar`. The highest quality
 * wins, then the place in the header; `*` stands for the first language that the header does not name. What is malformed is
 * passed over, and so is all behind the 20th range.
 */
const MOST_RANGES = 20
const RANGE = /^[ \t]*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i

interface Range {
  readonly language: string
  readonly quality: number
}

const rangesOf = (header: string): Range[] =>
  header.split(',', MOST_RANGES).flatMap((part) => {
    const [, range, quality = '1'] = RANGE.exec(part) ?? []
    return range === undefined ? [] : [{ language: range.toLowerCase().split('-', 1)[0] ?? '', quality: Number(quality) }]
  })

/** The one of `offered` languages, the preferred first, that the header asks for; null when it wants none of them. */
export function acceptLanguage<Language extends string>(header: string | null, offered: readonly Language[]): Language | null {
  const ranges = rangesOf(header ?? '')
  const unnamed = offered.find((language) => !ranges.some((range) => range.language === language))
  let best: { language: Language; quality: number } | null = null
  for (const { language: asked, quality } of ranges) {
    const language = asked === '*' ? unnamed : offered.find((candidate) => candidate === asked)
    if (language !== undefined && quality > (best?.quality ?? 0)) best = { language, quality }
  }
  return best?.language ?? null
}
