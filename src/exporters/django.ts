/** Users for Django, as `manage.py loaddata` reads them. https://docs.djangoproject.com/en/stable/topics/serialization/ */
import type { ReturningAccount } from '../domain/moving/goingBack/returning.ts'
import { jsonOf } from '../importers/sources/rows.ts'
import { toDjangoHash } from './djangoHash.ts'
import { type Exporter, type Json, NO_TOTP, objectOf, PASSWORD_IS_NEW, PASSWORD_IS_OLD, type Returned } from './exporter.ts'

/** Django's mark of an account without a password; the rest is of no matter. */
const UNUSABLE = '!'
const NO_NUMBER = 'an id that is no number: whoever was made here gets a new id there'
const LONG_NAME = 'a name of more than 150 characters, which was cut'
const MUST_CHANGE = 'the duty to change the password'

/** Django 3.2's longest first and last name, in characters. */
const LONGEST = 150

const passwordOf = ({ passwordHash, passwordChanged, came }: ReturningAccount, old: unknown): { password: string; note?: string } => {
  if (passwordHash === null) return { password: UNUSABLE }
  const password = toDjangoHash(passwordHash)
  if (password !== null) return { password }
  // Such as a fast digest, which was hashed again here.
  if (!passwordChanged && came === 'imported' && typeof old === 'string') return { password: old, note: PASSWORD_IS_OLD }
  return { password: UNUSABLE, note: PASSWORD_IS_NEW }
}

const cut = (text: string): string => [...text].slice(0, LONGEST).join('')

/** The names of the origin stay while they are what they became here: `name` alone when an account had one of both. */
const namesOf = ({ firstName, lastName, username, name }: ReturningAccount): [string, string] =>
  name === username ? ['', ''] : [firstName, lastName ?? '']

const documentOf = (account: ReturningAccount, over: Json | null): Returned => {
  const fields = objectOf(over?.fields)
  const { password, note } = passwordOf(account, fields.password)
  const [first, last] = namesOf(account)
  const isNumber = /^[1-9]\d*$/.test(account.id)
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(isNumber ? [] : [NO_NUMBER]),
    ...([first, last].some((each) => cut(each) !== each) ? [LONG_NAME] : []),
    ...(account.totp === null ? [] : [NO_TOTP]),
    ...(account.mustChangePassword ? [MUST_CHANGE] : []),
  ]
  const document = {
    model: over?.model ?? 'auth.user',
    // Without a key, Django gives one.
    ...(over !== null ? { pk: over.pk } : isNumber ? { pk: Number(account.id) } : {}),
    fields: {
      is_staff: account.isAdmin,
      ...fields,
      username: account.username,
      email: account.email ?? '',
      password,
      first_name: cut(first),
      last_name: cut(last),
      is_active: !account.disabled,
      is_superuser: account.isAdmin,
      date_joined: fields.date_joined ?? account.createdAt.toISOString(),
    },
  }
  return { document, notes }
}

export const django: Exporter = {
  name: 'django',
  summary: 'for the user model of Django, by `manage.py loaddata`',
  documents: jsonOf,
  idOf(document) {
    const { model, pk, fields } = objectOf(document)
    const isUser = typeof model === 'string' && typeof objectOf(fields).username === 'string'
    return isUser && (typeof pk === 'number' || typeof pk === 'string') ? String(pk) : null
  },
  documentOf,
  frame: ['[\n', ',\n', '\n]\n'],
}
