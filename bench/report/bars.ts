/** The main figure: a bar for each ratio to the limit, as an SVG that needs no script, font or style sheet. */
import { type Result, rated } from './ratios.ts'

const WIDTH = 760
const LEFT = 260
const ROW = 22
const TITLE = 34
/** The length of a bar of ratio 1. */
const UNIT = 400
const LONGEST = 1.08

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const bar = (name: string, ratio: number, y: number): string => {
  const length = Math.min(ratio, LONGEST) * UNIT
  const color = ratio === 1 ? '#8c959f' : '#0969da'
  return [
    `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${LEFT}" y="${y + 3}" width="${length.toFixed(1)}" height="14" fill="${color}"/>`,
    `<text x="${(LEFT + length + 6).toFixed(1)}" y="${y + 14}">${ratio.toFixed(2)}</text>`,
  ].join('')
}

export function barsOf(results: readonly Result[]): string {
  const parts: string[] = []
  let y = 8
  for (const result of results) {
    parts.push(`<text x="8" y="${y + 20}" font-weight="bold">${escaped(result.name)}</text>`)
    y += TITLE
    for (const { name, ratio } of rated(result)) {
      parts.push(bar(name, ratio, y))
      y += ROW
    }
  }
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 8}" viewBox="0 0 ${WIDTH} ${y + 8}"`
  const look = 'font-family="sans-serif" font-size="13" fill="#1f2328" role="img" aria-label="Requests a second as a share of the limit"'
  return `${open} ${look}><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`
}
