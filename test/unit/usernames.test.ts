/**
 * New usernames: the examples of RFC 8265 (3.5), UTS #39 (5.1) and RFC 5893, and what holds for every text there is.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { identifierKey } from '../../src/domain/accounts/identifiers.ts'
import { Failure } from '../../src/domain/base/errors.ts'
import { email as emailRule, parse, username as usernameRule } from '../../src/domain/base/input.ts'
import { runs } from '../support/fullSize.ts'

const rule = z.object({ username: usernameRule })

/** What becomes of a username: its prepared form, or what is wrong with it. */
const outcome = (username: string): string => {
  try {
    return parse(rule, { username }).username
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return `! ${error.details.fieldErrors?.[0]?.message}`
  }
}

const HIDDEN = '! must not contain control or invisible characters'
const SIGNS = '! must consist of letters, digits, emoji and the signs of ASCII'
const MIXED = '! must not mix letters of different scripts'
const DIRECTION = '! must begin with a letter and end with a letter or digit'
const DIGITS = '! must not mix digits of different kinds'

describe('RFC 8265, 3.5', () => {
  it.each(['juliet@example.com', 'fussball', 'fu\u00dfball', '\u03c0', '\u03a3', '\u03c3', '\u03c2'])('%j is kept as it is', (username) => {
    expect(outcome(username)).toBe(username)
  })

  it.each([
    ['', '! is required'],
    ['henry\u2163', SIGNS],
    ['\u221e', SIGNS],
    ['\u265a', SIGNS],
  ])('%j is refused', (username, message) => {
    expect(outcome(username)).toBe(message)
  })

  it('sharp s is kept apart from two s', () => {
    expect(identifierKey('fu\u00dfball')).not.toBe(identifierKey('fussball'))
  })

  it.each([
    ['\uff41\uff44\uff41', 'ada'],
    ['\uff21\uff24\uff21\uff20home\u3000base', 'ADA@home base'],
    ['\uff76\uff9e\uff72', '\u30ac\u30a4'],
    ['\uffa1\uffc2', '\u3131\u314f'],
    ['e\u0301milie', '\u00e9milie'],
    ['\u3000ada\u00a0', 'ada'],
  ])('prepares %j as %j', (username, expected) => {
    // Half width Hangul letters become compatibility letters, which are refused themselves.
    expect(outcome(username)).toBe(username === '\uffa1\uffc2' ? SIGNS : expected)
  })
})

describe('characters that nobody sees', () => {
  it.each([
    ['NUL', 'ro\0ot', '! must be well-formed text without NUL characters'],
    ['a bell', 'ro\u0007ot', HIDDEN],
    ['a line end', 'ro\not', HIDDEN],
    ['DEL', 'root\u007fx', HIDDEN],
    ['a zero width space', 'ro\u200bot', HIDDEN],
    ['a zero width joiner', 'ro\u200dot', HIDDEN],
    ['a soft hyphen', 'ro\u00adot', HIDDEN],
    ['a word joiner', 'ro\u2060ot', HIDDEN],
    ['a variation selector', 'root\ufe0f', HIDDEN],
    ['a supplementary variation selector', 'root\u{e0100}', HIDDEN],
    ['a combining grapheme joiner', 'ro\u034fot', HIDDEN],
    ['a Hangul filler', 'root\u3164', HIDDEN],
    ['a half width Hangul filler', 'root\uffa0', HIDDEN],
    ['a tag', 'root\u{e0061}', HIDDEN],
    ['a right-to-left override', 'to\u202eor', HIDDEN],
    ['a right-to-left mark', 'root\u200f', HIDDEN],
    ['an isolate', 'ro\u2068ot', HIDDEN],
    ['an Arabic letter mark', '\u0639\u0644\u064a\u061c', HIDDEN],
    ['a noncharacter', 'root\ufdd0', HIDDEN],
    ['a private character', 'root\ue000', SIGNS],
    ['a space that is wide', 'ro\u2003ot', SIGNS],
    ['a no-break space', 'ro\u00a0ot', SIGNS],
    ['a braille blank', 'ro\u2800ot', SIGNS],
  ])('%s is refused', (_what, username, message) => {
    expect(outcome(username)).toBe(message)
  })
})

describe('letters that only look different', () => {
  it.each([
    '\u{1d41a}\u{1d41d}min',
    '\u24d0dmin',
    '\ufb01ona',
    '\u2170van',
    '\u00aa',
    'a\u00b2',
    '\u0645\u062d\u0645\u0640\u062f',
    'ada\u2019s',
    '\u2605ada',
  ])('%j is refused', (username) => {
    expect(outcome(username)).toBe(SIGNS)
  })

  it.each(['x\u0301\u0301', '\u0301x', 'x \u0301', 'a\u0300\u0301\u0302\u0303\u0308\u0304'])(
    'piled marks in %j are refused',
    (username) => {
      expect(outcome(username)).toBe('! must not pile up marks on a letter, nor have any without one')
    },
  )
})

describe('UTS #39, 5.1 and 5.2', () => {
  it.each([
    ['Latin', 'Circle'],
    ['Cyrillic', '\u0421\u0456\u0433\u0441\u04c0\u0435'],
    ['Latin with a digit', 'Circ1e'],
    ['Han', '\u3006\u5207'],
    ['Hiragana and Katakana', '\u306d\u30ac'],
    ['Latin, Han, Hiragana and Katakana', 'Tokyo\u6771\u4eac\u3068\u30ab'],
    ['Latin, Han and Bopomofo', 'abc\u6c49\u3105'],
    ['Latin, Han and Hangul', 'abc\u6f22\ud55c'],
    ['Greek', '\u0391\u03bb\u03ad\u03be\u03b7\u03c2'],
    ['Hebrew', '\u05d3\u05d5\u05d3'],
    ['Devanagari', '\u0915\u092e\u0932'],
  ])('a username of %s is accepted', (_what, username) => {
    expect(outcome(username)).toBe(username)
  })

  it.each([
    ['Latin with Cyrillic letters', '\u0421ir\u0441l\u0435'],
    ['root with a Cyrillic o', 'r\u043eot'],
    ['Latin with a Greek letter', 'r\u03bfot'],
    ['Latin and Arabic', 'ali \u0639\u0644\u064a'],
    ['Arabic and Hebrew', '\u0639\u05d3'],
    ['Hangul and Katakana', '\ud55c\u30ab'],
    ['Latin and Arabic digits', 'ali\u0663'],
    ['a script of no table', '\u13a0\u13b3'],
  ])('a username of %s is refused', (_what, username) => {
    expect(outcome(username)).toBe(MIXED)
  })

  it.each(['\u{1d5a2}\u{1d5c2}\u{1d5cb}\u{1d5bc}\u{1d5c5}\u{1d5be}', 'C\u{1d5c2}\u{1d5cb}\u{1d5bc}\u{1d5c5}\u{1d5be}'])(
    '%j is refused, whose letters are no letters of a script',
    (username) => {
      expect(outcome(username)).toBe(SIGNS)
    },
  )
})

describe('real names', () => {
  it.each([
    'ada',
    'Ada Lovelace',
    '@ada',
    'ada@',
    'ada @ home',
    'ada @work',
    'Jean  Luc Picard',
    'jean \u{1f596}',
    'ada_l.99-x',
    "o'brien",
    '42',
    'Gal\u00b7la',
    'Zo\u00eb',
    'Nguy\u1ec5n V\u0103n \u1ea2nh',
    '\u0645\u062d\u0645\u062f \u0639\u0644\u064a',
    '\u0645\u062d\u0645\u062f2024',
    '\u0645\u062d\u0645\u062f_2024',
    '\u0645\u062d\u0645\u062f\u0662\u0660',
    '\u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f\u064c',
    '\u0660\u0661\u0660',
    '\u05e6\u05d4\u05f4\u05dc',
    '\u30b8\u30e7\u30f3\u30fb\u30b9\u30df\u30b9',
  ])('%s', (username) => {
    expect(outcome(username)).toBe(username)
  })

  it.each([
    ['\u0645\u062d\u0645\u062f2\u0663', DIGITS],
    ['2\u0663', DIGITS],
    ['2024\u0645\u062d\u0645\u062f', DIRECTION],
    ['_\u0645\u062d\u0645\u062f', DIRECTION],
    ['\u0645\u062d\u0645\u062f!', DIRECTION],
    ['x'.repeat(129), '! must have at most 128 characters'],
    [`${'\uff58'.repeat(129)}`, '! must have at most 128 characters'],
  ])('not %s', (username, message) => {
    expect(outcome(username)).toBe(message)
  })

  it('real names are counted as they are kept: 128 decomposed letters are 128', () => {
    expect(outcome('e\u0301a'.repeat(64))).toBe('\u00e9a'.repeat(64))
  })
})

describe('whatever text it is', () => {
  const letters = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({
      unit: fc.constantFrom(
        ...'aAiI\u0131\u0130sS\u017f\u00df\u03a3\u03c3\u03c2\u00b5\u03bc\u00c5\u212b\uff21\uff41e\u0301\u0660\u0639 @.',
      ),
      maxLength: 8,
    }),
  )
  const taken = letters.map(outcome).filter((username) => !username.startsWith('! '))

  it('preparing it again changes nothing', () => {
    fc.assert(
      fc.property(taken, (username) => {
        expect(outcome(username)).toBe(username)
      }),
      { numRuns: runs(700, 2_000) },
    )
  })

  it('what is taken is found by every case and width of it', () => {
    const wide = (text: string) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
    const capitals = (text: string) =>
      Array.from(text, (letter) => ([...letter.toUpperCase()].length === 1 ? letter.toUpperCase() : letter)).join('')
    fc.assert(
      fc.property(taken, (username) => {
        const spellings = [username.toLowerCase(), capitals(username), wide(username), username.normalize('NFD'), ` ${username}\u3000`]
        for (const spelling of spellings) expect(identifierKey(spelling)).toBe(identifierKey(username))
      }),
      { numRuns: runs(700, 2_000) },
    )
  })

  it('nothing that is ignored, hidden or of another direction is left', () => {
    fc.assert(
      fc.property(taken, (username) => {
        expect(username).not.toMatch(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{C}]|^\s|\s$/u)
        expect(username.normalize('NFKC')).toBe(username)
      }),
      { numRuns: runs(700, 2_000) },
    )
  })

  it('a key is a key: of all letters there are, none changes it when it is made again', () => {
    const unstable: string[] = []
    for (let code = 1; code < 0x20000; code += 1) {
      const letter = String.fromCodePoint(code)
      // These have neither case nor width.
      if (/[\p{Script=Han}\p{Script=Hangul}\p{Cn}\p{Co}\p{Cs}]/u.test(letter) && !/[\uff00-\uffef]/.test(letter)) continue
      if (identifierKey(identifierKey(letter)) !== identifierKey(letter)) unstable.push(code.toString(16))
    }
    expect(unstable).toEqual([])
  })

  it('what is derived from an address that the rule takes is a username that the rule takes', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const { email } = parse(z.object({ email: emailRule }), { email: address })
        const local = email.slice(0, email.lastIndexOf('@'))
        expect(outcome(local)).toBe(local)
      }),
      { numRuns: runs(700, 2_000) },
    )
  })
})

it('a text of 100 KiB is looked at within a moment', () => {
  for (const text of ['\u0645', '\uff41', '\u1ea2', 'a', ' ', '\u0301'].map((unit) => unit.repeat(50_000))) {
    const from = performance.now()
    expect(outcome(text).startsWith('! ')).toBe(true)
    for (let count = 1; count <= 100; count += 1) identifierKey(text)
    expect(performance.now() - from).toBeLessThan(1_000)
  }
})
