/**
 * How `idiot` answers.
 */
import * as z from 'zod'
import type { V1UserFragment } from '../operations.ts'
import { given } from '../rows.ts'
import { plainUserOf } from '../v1/shapes.ts'
import type { UserCreate, Window } from './inputs.ts'

export const Nothing = z.object({})

export const newUser = ({ body: { permissions, ...account } }: { readonly body: z.output<typeof UserCreate> }) => ({
  input: { ...account, scopes: permissions },
})
export const windowOf = ({ query: { offset = 0, limit = Number.POSITIVE_INFINITY } }: { readonly query: z.output<typeof Window> }) => ({
  offset,
  limit,
})

export const changedUser = ({ user }: { readonly user: V1UserFragment | null }) => plainUserOf(given(user))
export const loggedOut = () => ({})
