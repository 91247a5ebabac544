/** Which language a header asks for, of English and Arabic with English preferred. */
import { expect, test } from 'vitest'
import { acceptLanguage } from '../../src/http/acceptLanguage.ts'

const asked = (header: string | null) => acceptLanguage(header, ['en', 'ar'])

test.each<[string, 'en' | 'ar' | null]>([
  ['ar', 'ar'],
  ['AR-eg', 'ar'],
  ['ar-Arab-EG-u-nu-latn', 'ar'],
  ['en-GB, ar', 'en'],
  ['ar, en', 'ar'],
  ['en;q=0.5, ar;q=0.8', 'ar'],
  ['en;q=0.8, ar;q=0.8', 'en'],
  ['ar;q=0.8, en;q=0.8', 'ar'],
  ['en;q=0.123, ar;q=0.124', 'ar'],
  ['fr, de;q=0.9, ar;q=0.1', 'ar'],
  ['fr-CH , fr ; q=0.9 ,\tar;q=0.7', 'ar'],
  ['*', 'en'],
  ['*, ar', 'ar'],
  ['*-EG, ar;q=0.1', 'ar'],
  ['fr, *;q=0.1', 'en'],
  ['en;q=0, *', 'ar'],
  ['en;q=0.2, *;q=0.5', 'ar'],
  ['*, ar;q=0', 'en'],
  ['en;q=0, ar;q=0', null],
  ['ar;q=0', null],
  ['en;q=0, ar;q=0, *', null],
  ['fr, de', null],
  ['', null],
  [',,,', null],
  ['arabic', null],
  ['ar_EG', null],
  ['x-ar', null],
  ['ar;q=2, en;q=0.1', 'en'],
  ['ar;q=0.1234, en;q=0.1', 'en'],
  ['ar;q=, en;q=0.1', 'en'],
  ['ar;q=-1, en;q=0.1', 'en'],
  ['ar;level=1, en;q=0.1', 'en'],
  ['ar;q=1.000, en', 'ar'],
  ['ar;q=0., en;q=0.1', 'en'],
  ['<script>, ar', 'ar'],
])('%j asks for %s', (header, language) => {
  expect(asked(header)).toBe(language)
})

test('no header asks for nothing', () => {
  expect(asked(null)).toBeNull()
})

test('the preferred language stands for whatever else there is', () => {
  expect(acceptLanguage('*', ['ar', 'en'])).toBe('ar')
  expect(acceptLanguage('fr, *;q=0.1', ['ar', 'en'])).toBe('ar')
})

test('a header without end costs no more than its first ranges', () => {
  expect(asked(`${'fr,'.repeat(100_000)}ar`)).toBeNull()
  expect(asked(`ar${'-aaaaaaaa'.repeat(2_000)}!`)).toBeNull()
})
