import { useState } from 'react'
import { graphql, useFragment } from 'react-relay'
import type { TwoFactor_user$key } from './__generated__/TwoFactor_user.graphql.ts'
import type { TwoFactorBeginMutation } from './__generated__/TwoFactorBeginMutation.graphql.ts'
import { FailureMessage } from './FailureMessage.tsx'
import { TwoFactorConfirm } from './TwoFactorConfirm.tsx'
import { useOperation } from './useOperation.ts'

interface Secret {
  readonly secret: string
  readonly qrCode: string
}

export const TwoFactor = ({ user }: { readonly user: TwoFactor_user$key }) => {
  const { twoFactorEnabled } = useFragment(
    graphql`
      fragment TwoFactor_user on User {
        twoFactorEnabled
      }
    `,
    user,
  )
  const [secret, setSecret] = useState<Secret | null>(null)
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>([])
  const { run, isPending, failure } = useOperation<TwoFactorBeginMutation>(graphql`
    mutation TwoFactorBeginMutation {
      result: beginTwoFactorEnrollment {
        ... on BeginTwoFactorEnrollmentSuccess @alias(as: "success") { secret qrCode }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  if (twoFactorEnabled) {
    return (
      <>
        <p>Your second factor is on.</p>
        {recoveryCodes.length > 0 && <p>Keep these recovery codes in a safe place. They are shown only once.</p>}
        <ul>
          {recoveryCodes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
      </>
    )
  }
  if (secret) return <TwoFactorConfirm {...secret} onRecoveryCodes={setRecoveryCodes} />
  return (
    <>
      <p>Your second factor is off.</p>
      <button type="button" disabled={isPending} onClick={() => run({}, ({ success }) => setSecret(success ?? null))}>
        Turn the second factor on
      </button>
      <FailureMessage failure={failure} />
    </>
  )
}
