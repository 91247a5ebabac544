/** What is known of an account. */
import { useFormats, useTexts, useTextsOf } from '../locale.tsx'
import { Facts } from '../parts/facts.tsx'
import { Notice } from '../parts/notice.tsx'
import { scopeText } from '../scopeText.ts'
import type { UserDetailsFragment } from './operations.ts'
import { userTexts } from './textsUser.ts'
import { UserTags } from './userTags.tsx'

export const UserFacts = ({ user }: { readonly user: UserDetailsFragment }) => {
  const texts = useTextsOf(userTexts)
  const { languages } = useTexts()
  const formats = useFormats()
  const pending = [...user.pendingEmails, ...(user.pendingVerification === null ? [] : [user.pendingVerification])]
  const factor = user.twoFactorEnabled ? `${texts.on}, ${texts.codesLeft(user.recoveryCodesLeft ?? 0)}` : texts.off
  return (
    <section className="card" aria-label={user.username}>
      <p>
        <UserTags user={user} />
      </p>
      {user.mustChangePassword && <Notice kind="info">{texts.mustChange}</Notice>}
      <Facts
        facts={[
          [texts.username, <bdi key="username">{user.username}</bdi>],
          [texts.email, <bdi key="email">{user.email ?? texts.none}</bdi>],
          ...pending.map(({ address, createdAt }) => [texts.waiting, texts.waitingSince(address, formats.time(createdAt))] as const),
          [texts.phone, <bdi key="phone">{user.phone ?? texts.none}</bdi>],
          [texts.language, user.locale === 'AR' ? languages.ar : languages.en],
          [texts.secondFactor, factor],
          [texts.created, formats.time(user.createdAt)],
          [texts.updated, formats.time(user.updatedAt)],
          [texts.id, <code key="id">{user.id}</code>],
          [texts.scopes, <bdi key="scopes">{(user.scopeNames ?? user.scopes.map(scopeText)).join(', ') || texts.none}</bdi>],
          ...(user.bio === null ? [] : [[texts.bio, <bdi key="bio">{user.bio}</bdi>] as const]),
        ]}
      />
    </section>
  )
}
