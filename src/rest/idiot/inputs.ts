/**
 * What `idiot` reads.
 */
import * as z from 'zod'
import { email, name, password, text } from '../../domain/base/input.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import type { Scope } from '../operations.ts'
import { toScope } from '../v1/scopes.ts'

const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)

const scope = text.transform((held, { addIssue }): Scope => {
  const found = toScope(held)
  if (found !== undefined) return found
  addIssue('is not a known scope')
  return z.NEVER
})

export const UserCreate = z
  .object({
    name: name.meta({ example: 'hi mark' }),
    email: email.meta({ example: 'x@example.com' }),
    password: password(minimumPasswordLength.idiot).meta({ example: 'DWD21378udh#g3@#d' }),
    permissions: z
      .array(scope, 'must be a list of scopes')
      .max(50, 'at most 50 scopes')
      .optional()
      .meta({ description: 'Scopes to grant, with or without `perm:`; none that the caller lacks' }),
  })
  .meta({ id: 'UserCreate' })

export const Window = z.object({
  limit: wholeNumber.optional().meta({ description: 'how many users to return' }),
  offset: wholeNumber.optional().meta({ description: 'how many users to leave out' }),
})

export const userId = (description: string) => z.object({ id: text.meta({ description }) })
