/**
 * Random text for fuzzing: of all kinds of UTF-16 code units, NUL and halves of characters too, and of what programs trip over.
 */
import fc from 'fast-check'

export const unit = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xd800, max: 0xdfff }).map((point) => String.fromCharCode(point)) },
  { weight: 1, arbitrary: fc.constantFrom('\0', '\u0001', '\u007f', '\u202e', '\ufeff', '\u00a0', "'", '"', '%', '\\', '😀', 'ß', 'İ') },
)

const ODD = [
  '',
  ' ',
  'boss',
  '$ne',
  '__proto__',
  '000000',
  '-1',
  'null',
  '0x1F',
  '1e3',
  '[object Object]',
  "' OR 1=1 --",
  '{{7*7}}',
  '../../x',
]

export const anyText = fc.oneof(fc.string({ unit, maxLength: 40 }), fc.emailAddress(), fc.constantFrom(...ODD))
