/** The account as these pages show it, and what the head of the page knows of it after a change. */
import { useCallback } from 'react'
import { type Read, useRead } from '../read.ts'
import { type Me, useMe, useSession } from '../session.tsx'
import { type AccountProfileFragment, ProfileDocument, type ProfileQuery } from './operations.ts'

export interface Profile extends Read<ProfileQuery> {
  readonly account: AccountProfileFragment | undefined
  /** Takes the account as a change left it. */
  changed(account: AccountProfileFragment): void
}

export const useProfile = (): Profile => {
  const read = useRead(ProfileDocument, {})
  const { signedInAs } = useSession()
  const me = useMe()
  const changed = useCallback(
    (account: AccountProfileFragment) => {
      const { id, username, name, email, emailVerified, isAdmin, locale, twoFactorEnabled, mustChangePassword } = account
      signedInAs({ ...me, id, username, name, email, emailVerified, isAdmin, locale, twoFactorEnabled, mustChangePassword } satisfies Me)
    },
    [me, signedInAs],
  )
  return { ...read, account: read.data?.me ?? undefined, changed }
}
