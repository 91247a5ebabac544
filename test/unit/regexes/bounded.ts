/** The regular expressions that recheck does not find linear: what attacks each, how long its text can be, and why no longer. */
export interface Bounded {
  readonly literal: string
  readonly attack: (length: number) => string
  readonly length: number
  readonly because: string
}

const repeated = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length))

export const bounded: readonly Bounded[] = [
  {
    literal: String.raw`/\s*\n\s*/g`,
    attack: (length) => `${repeated('\t', length)}x\n`,
    length: 2_000,
    because: 'of a message of the database or the system, at a start that fails',
  },
  {
    literal: String.raw`/^([A-Z]+): (.+?), \w+(?: '.*)?$/`,
    attack: (length) => `A: 0${repeated(", A '", length)}\n`,
    length: 1_000,
    because: 'of a message of Node about a file',
  },
  {
    literal: String.raw`/\s*,\s*/g`,
    attack: (length) => `${repeated('\t', length)}x,`,
    length: 4_000,
    because: 'of a setting',
  },
  {
    literal: String.raw`/[ \t]*(?:(?:export[ \t]+)?(?<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?<value>"[^"]*"|'[^']*'|(?!["'])[^\n]*?)(?:[ \t]+#[^\n]*|[ \t]*)|#[^\n]*)?(?:\n|$)/y`,
    attack: (length) => `p=e${repeated('\t', length)}x`,
    length: 2_000,
    because: 'of a line of .env',
  },
  { literal: String.raw`/\/+$/`, attack: (length) => `${repeated('/', length)}x/`, length: 4_000, because: 'of a setting' },
  {
    literal: String.raw`/("(?:\w*(?:_at|At|_until|Until)|at|day)" ?: ?)"(-?infinity|[^"\\]* BC|\d{5,}-[^"\\]*)"/g`,
    attack: (length) => repeated('"at":"', length),
    length: 200_000,
    because: 'of a row of the database as JSON, whose texts cannot hold the quotes that attack it',
  },
  {
    literal: String.raw`/^\s*(?:begin|start transaction)\s*;?\s*$/i`,
    attack: (length) => `BEGIN${repeated(' ', length)}G`,
    length: 2_000,
    because: 'of a statement, which is ours',
  },
  {
    literal: String.raw`/^[^\s@]+@[^\s@]+\.[^\s@]+$/u`,
    attack: (length) => `x@${repeated('.x', length)} `,
    length: 320,
    because: 'of a username or an address, whose lengths are checked before',
  },
  {
    literal: '/=+$/',
    attack: (length) => `${repeated('=', length)}x=`,
    length: 2_000,
    because: 'of base64 that Node wrote, which has two of them at most',
  },
  {
    literal: String.raw`/\bVersion\/[\d.]+ .*\bSafari\//`,
    attack: (length) => repeated('Version/. ', length),
    length: 500,
    because: 'of a header, of which 500 characters are looked at',
  },
  {
    literal: String.raw`/\+[^@]*(?=@)/`,
    attack: (length) => repeated('+x', length),
    length: 320,
    because: 'of an address, whose length is checked before',
  },
  {
    literal: String.raw`/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu`,
    attack: (length) => `0${repeated('-', length)}0`,
    length: 2_304,
    because: 'of a password, of at most 128 characters, each of which becomes 18 at most',
  },
  {
    literal: String.raw`/Field "\w+" (?:of required type "[\w![\]]+" was not provided|is not defined by type "\w+"|must be non-null)\.|Exactly one key must be specified for OneOf type "\w+"\.|Expected (?:non-nullable )?(?:type|value of type) "[\w![\]]+"/`,
    attack: (length) => repeated('Field "a', length),
    length: 102_400,
    because: 'of a message about a document, which is as long as a body',
  },
  {
    literal: '/%.*$/',
    attack: (length) => `${repeated('%', length)}\n%`,
    length: 1_000,
    because: 'of the address of a peer, which the system wrote',
  },
]
