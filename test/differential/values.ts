/**
 * What is put into a field: something plain, or something at or beyond the edge of a rule. Texts are made of the number of
 * their step, so that both worlds get the same ones and no other step has them.
 */
export interface Naming {
  /** Unlike that of any other step of the run. */
  readonly number: string
  /** The local part of the address of somebody who is there, and the whole of it. */
  readonly local: string
  readonly taken: string
  readonly takenUsername: string
}

type Values = Readonly<Record<string, (naming: Naming) => string | null | undefined>>

const NUL = 'nul\u0000l'
const SURROGATE = 'lone \ud83d surrogate'
const spoilt = { nul: () => NUL, surrogate: () => SURROGATE, empty: () => '' }
const fill = (text: string, length: number, by = 'z') => text + by.repeat(Math.max(0, length - text.length))

const email: Values = {
  plain: ({ number }) => `mail${number}@example.com`,
  capitals: ({ number }) => `Mail${number}@Example.COM`,
  spaced: ({ number }) => `  mail${number}@example.com\t`,
  taken: ({ taken }) => taken,
  takenInCapitals: ({ taken }) => taken.toUpperCase(),
  sameLocalPart: ({ number, local }) => `${local}@host${number}.example.com`,
  malformed: ({ number }) => `mail${number} at example.com`,
  longest: ({ number }) => `${fill(`l${number}`, 64)}@${fill('h', 60, 'h')}.${fill('h', 60, 'h')}.${fill('h', 59, 'h')}.com1`.slice(0, 254),
  tooLong: ({ number }) => `${fill(`t${number}`, 243)}@example.com`,
  ...spoilt,
}

/** The number is no word of its own: a password with it would be one of words of its context, which some surfaces refuse. */
const username: Values = {
  plain: ({ number }) => `user${number}`,
  spaced: ({ number }) => ` us er${number} `,
  taken: ({ takenUsername }) => takenUsername,
  takenInCapitals: ({ takenUsername }) => takenUsername.toUpperCase(),
  someonesEmail: ({ taken }) => taken,
  longest: ({ number }) => fill(`user${number}`, 128),
  tooLong: ({ number }) => fill(`user${number}`, 129),
  control: ({ number }) => `user\u0007${number}`,
  nul: spoilt.nul,
  surrogate: spoilt.surrogate,
}

/** Random to look at, so that only `common` and `context` are what they are called. */
const phrase = (number: string, length: number): string => fill(`qX${number}vK`, 0).slice(0, length).padEnd(length, 'jWq7Rm')

/** A GraphQL password in place of one that only a weaker rule takes. */
export const substituteFor = (text: string): string => `${[...text].slice(0, 20).join('')} – substitute kVq8`

const password: Values = {
  plain: ({ number }) => `${phrase(number, 12)} ${number}`,
  five: ({ number }) => phrase(number, 5),
  six: ({ number }) => phrase(number, 6),
  seven: ({ number }) => phrase(number, 7),
  eight: ({ number }) => phrase(number, 8),
  longest: ({ number }) => phrase(number, 128),
  tooLong: ({ number }) => phrase(number, 129),
  astral: () => '🦉🐙🦉🐳🦉🐞🦉🐢',
  astralSeven: () => '🦉🐙🦉🐳🦉🐞🦉',
  decomposed: ({ number }) => `e\u0301te\u0301 ${phrase(number, 9)}`,
  spaces: ({ number }) => `  ${phrase(number, 8)}  `,
  common: () => 'password1',
  commonInCapitals: () => 'PassWord',
  context: ({ local }) => `${local}-2024`,
  ...spoilt,
}

/** The kinds that are refused wherever common passwords are. */
export const COMMON_KINDS: readonly string[] = ['common', 'commonInCapitals', 'context']

const personName: Values = {
  plain: ({ number }) => `Ada Number${number}`,
  one: () => 'A',
  spaced: () => '  Ada   King  Lovelace ',
  longest: () => fill('Ada ', 100),
  tooLong: () => fill('Ada ', 101),
  arabic: () => 'آدا لوفلايس',
  blank: () => '   ',
  control: () => 'Ada\u0008',
  ...spoilt,
}

const oneName: Values = {
  plain: () => 'Lovelace',
  three: () => 'Ada',
  two: () => 'Al',
  longest: () => fill('Ada', 50),
  tooLong: () => fill('Ada', 51),
  arabic: () => 'لوفلايس',
  digits: () => 'Ada2',
  hyphen: () => 'Ada-Marie',
  blank: () => '  ',
  nul: spoilt.nul,
  surrogate: spoilt.surrogate,
}

const phone: Values = {
  plain: () => undefined,
  egyptian: () => '01012345678',
  international: () => '+201112345678',
  bare: () => '1212345678',
  foreign: () => '+4915112345678',
  landline: () => '0223456789',
  nonsense: () => 'call me',
  null: () => null,
  ...spoilt,
}

const bio: Values = {
  plain: () => undefined,
  short: () => 'Writes programs.',
  longest: () => fill('b', 500),
  tooLong: () => fill('b', 501),
  null: () => null,
  ...spoilt,
}

const texts: Values = { plain: () => 'text', ...spoilt }

/** The kinds of each field; the first is the one that every step takes for the fields that it does not try. */
export const values: Readonly<Record<string, Values>> = {
  email,
  username,
  password,
  newPassword: password,
  name: personName,
  firstName: oneName,
  lastName: oneName,
  phone,
  bio,
  token: texts,
}

export const textFor = (field: string, kind: string, naming: Naming): string | null | undefined => {
  const make = values[field]?.[kind] ?? values[field]?.plain
  if (make === undefined) throw new Error(`no value for ${field}`)
  return make(naming)
}

export interface Stricter {
  readonly dialect: string
  readonly operation: string
  readonly field: string
  readonly kinds: readonly string[]
  readonly reason: string
}

/** Where a dialect's document asks for more of a field than the operation does. */
export const stricter: readonly Stricter[] = [
  ...['username', 'email'].map((field) => ({
    dialect: 'wekan',
    operation: 'createUser',
    field,
    kinds: field === 'email' ? ['none', 'empty'] : ['none'],
    reason: 'its document asks for username, e-mail and password',
  })),
  ...['signUp', 'updateProfile'].flatMap((operation) => [
    ...['firstName', 'lastName'].map((field) => ({
      dialect: 'xiot',
      operation,
      field,
      kinds: ['two', 'blank', 'digits', 'hyphen'],
      reason: 'names are 3 to 50 letters of English or Arabic',
    })),
    { dialect: 'xiot', operation, field: 'phone', kinds: ['foreign', 'landline'], reason: 'a phone number is an Egyptian mobile' },
  ]),
]
