import { graphql } from 'react-relay'
import { dropTokens, readTokens } from '../../shared/tokens.ts'
import type { SignOutMutation } from './__generated__/SignOutMutation.graphql.ts'
import { FailureMessage } from './FailureMessage.tsx'
import { useOperation } from './useOperation.ts'

export const SignOut = () => {
  const { run, isPending, failure } = useOperation<SignOutMutation>(graphql`
    mutation SignOutMutation($input: SignOutInput!) {
      result: signOut(input: $input) {
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  // The refresh token names the session even if the access token has expired.
  const signOut = (): void => run({ input: { refreshToken: readTokens()?.refreshToken } }, dropTokens)
  return (
    <div>
      <button type="button" onClick={signOut} disabled={isPending}>
        Sign out
      </button>
      <FailureMessage failure={failure} />
    </div>
  )
}
