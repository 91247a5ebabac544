/**
 * Django's users, from `manage.py dumpdata auth.user`: a JSON array of objects, or JSON Lines (`--format jsonl`). Objects of other
 * models are passed over.
 * https://docs.djangoproject.com/en/stable/topics/serialization/, https://docs.djangoproject.com/en/stable/ref/contrib/auth/
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, text, time } from './fields.ts'
import { importerOf, type Translate } from './fromDocuments.ts'
import type { ImporterOption } from './importer.ts'
import { jsonOf } from './sources/rows.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'model',
    value: 'APP.MODEL',
    description: "the user model, where it is not Django's own: the value of AUTH_USER_MODEL",
    default: 'auth.user',
  },
  {
    name: 'admins',
    value: 'WHO',
    description: 'who becomes an administrator',
    choices: ['superusers', 'staff', 'none'],
    default: 'superusers',
  },
]

const fields = z.object({
  username: text,
  email: text,
  password: text,
  first_name: text,
  last_name: text,
  name: text,
  full_name: text,
  phone: text,
  phone_number: text,
  is_active: flag,
  is_superuser: flag,
  is_staff: flag,
  date_joined: time,
  created_at: time,
  groups: z.array(z.unknown()).nullish(),
  user_permissions: z.array(z.unknown()).nullish(),
})
/** Without `pk` in dumps with `--natural-primary`. */
const user = z.object({ pk: text, fields })

/** Django writes an exclamation mark and random text where there is no password. */
const UNUSABLE = '!'

const GROUPS = 'groups and permissions'

const isAdminOf = ({ is_superuser, is_staff }: z.output<typeof fields>, admins: string | undefined): boolean =>
  (admins !== 'none' && is_superuser === true) || (admins === 'staff' && is_staff === true)

const translator =
  (model: string, admins: string | undefined): Translate =>
  (document) => {
    const object = z.object({ model: z.string() }).parse(document)
    if (object.model.toLowerCase() !== model) return null
    const { pk, fields } = user.parse(document)
    const { password, groups, user_permissions } = fields
    const account: GivenAccount = {
      id: pk,
      username: fields.username,
      email: fields.email,
      name: fields.full_name ?? fields.name,
      firstName: fields.first_name,
      lastName: fields.last_name,
      phone: fields.phone ?? fields.phone_number,
      isAdmin: isAdminOf(fields, admins),
      disabled: fields.is_active === false,
      passwordHash: password?.startsWith(UNUSABLE) === true ? undefined : password,
      createdAt: fields.date_joined ?? fields.created_at,
    }
    const hasGroups = (groups?.length ?? 0) + (user_permissions?.length ?? 0) > 0
    return { account, notes: hasGroups ? [GROUPS] : [] }
  }

export const django = importerOf({
  name: 'django',
  summary: 'the user model of Django, by `manage.py dumpdata`',
  options,
  documents: jsonOf,
  translator: ({ model = '', admins }) => translator(model.toLowerCase(), admins),
})
