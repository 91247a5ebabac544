import { AccessTokens } from './AccessTokens.tsx'
import { Accounts } from './Accounts.tsx'
import { Profile } from './Profile.tsx'
import { Section } from './Section.tsx'
import { Sessions } from './Sessions.tsx'
import { SignOut } from './SignOut.tsx'

/** Each section sends its own query, and all queries are sent at once. */
export const SignedIn = () => (
  <>
    <SignOut />
    <Section title="Your account">{(attempt) => <Profile attempt={attempt} />}</Section>
    <Section title="Your sessions">{(attempt) => <Sessions attempt={attempt} />}</Section>
    <Section title="Your access tokens">{(attempt) => <AccessTokens attempt={attempt} />}</Section>
    <Section title="All accounts">{(attempt) => <Accounts attempt={attempt} />}</Section>
  </>
)
