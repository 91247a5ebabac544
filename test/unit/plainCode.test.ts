/** Codes as people type them, in one form. */
import { describe, expect, it } from 'vitest'
import { plainCode } from '../../src/domain/base/plainCode.ts'

const HYPHENS = ['-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\ufe58', '\ufe63', '\uff0d', '\u00ad']
const SPACES = [' ', '\t', '\n', '\u00a0', '\u2009', '\u202f', '\u3000', '\u200b', '\ufeff', '\u200f', '\u202b', '\u2066']

describe('a code as people type it', () => {
  it.each([
    ['ASCII', '0123456789'],
    ['Arabic-Indic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
    ['Devanagari', '०१२३४५६७८९'],
    ['Bengali', '০১২৩৪৫৬৭৮৯'],
    ['Thai', '๐๑๒๓๔๕๖๗๘๙'],
    ['Tibetan', '༠༡༢༣༤༥༦༧༨༩'],
    ['full width', '０１２３４５６７８９'],
    ['mathematical bold', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'],
    ['mathematical monospace', '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿'],
    ['Adlam, beyond the first plane', '𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙'],
  ])('a code as people type it has the digits of %s', (_script, digits) => {
    expect(plainCode(digits)).toBe('0123456789')
  })

  it('a code as people type it is worth the same in every script that Unicode has decimal digits of', () => {
    const digits = Array.from({ length: 0x1e000 }, (_, at) => (at >= 0xd800 && at < 0xe000 ? '' : String.fromCodePoint(at)))
      .filter((sign) => /^\p{Nd}$/u.test(sign))
      .map(plainCode)
    expect(digits.length % 10).toBe(0)
    expect(digits.length).toBeGreaterThan(600)
    expect(digits.join('')).toBe('0123456789'.repeat(digits.length / 10))
  })

  it.each(HYPHENS)('a code as people type it has no dash: %j', (dash) => {
    expect(plainCode(`ABCD${dash}EFGHJ${dash}KLMNP`)).toBe('ABCDEFGHJKLMNP')
  })

  it.each(SPACES)('a code as people type it has nothing between its groups and around it: %j', (space) => {
    expect(plainCode(`${space}123${space}456${space}`)).toBe('123456')
  })

  it('a code as people type it has capital letters', () => {
    expect(plainCode('abcd-efghj-klmnp')).toBe('ABCDEFGHJKLMNP')
    expect(plainCode('ａｂｃｄ')).toBe('ABCD')
  })

  it('a code as people type it keeps what is no part of a code, so that it fits none', () => {
    expect(plainCode('12_34.56')).toBe('12_34.56')
    expect(plainCode('½')).toBe('1⁄2')
  })
})
