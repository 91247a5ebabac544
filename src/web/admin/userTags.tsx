/** What is special about an account, in a word each. */
import { useTextsOf } from '../locale.tsx'
import type { UserRowFragment } from './operations.ts'
import { usersTexts } from './textsUsers.ts'

type Tagged = Pick<UserRowFragment, 'isAdmin' | 'loginDisabled' | 'email' | 'emailVerified' | 'twoFactorEnabled'>

export const UserTags = ({ user }: { readonly user: Tagged }) => {
  const texts = useTextsOf(usersTexts).tags
  return (
    <span className="tags">
      {user.isAdmin && <span className="tag">{texts.admin}</span>}
      {user.loginDisabled && <span className="tag bad">{texts.disabled}</span>}
      {user.email !== null && !user.emailVerified && <span className="tag">{texts.unverified}</span>}
      {user.twoFactorEnabled && <span className="tag good">{texts.twoFactor}</span>}
    </span>
  )
}
