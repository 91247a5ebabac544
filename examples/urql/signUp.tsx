/** Creates an account, and signs in to it. */
import { useMutation } from 'urql'
import { keepTokens } from '../shared/tokens.ts'
import { tokensOf } from './credentials.ts'
import { failureOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { SignUpDocument, type SignUpInput } from './operations.ts'

export const SignUp = () => {
  const [{ fetching, error, data }, signUp] = useMutation(SignUpDocument)
  const send = async (input: SignUpInput) => {
    const result = (await signUp({ input })).data?.signUp
    if (result?.__typename === 'SignUpSuccess') keepTokens({ accountId: result.user.id, ...tokensOf(result.credentials) })
  }
  return (
    <Section title="Sign up">
      <Form
        submit="Sign up"
        isBusy={fetching}
        failure={failureOf(error, data?.signUp)}
        onSend={(read) => send({ name: read('name'), email: read('email'), password: read('password') })}
      >
        <Field label="Name" name="name" autoComplete="name" />
        <Field label="E-mail address" name="email" type="email" autoComplete="email" required />
        <Field label="Password" name="password" type="password" autoComplete="new-password" required />
      </Form>
    </Section>
  )
}
