import { useMutation } from '@apollo/client/react'
import { SignUpDocument } from '../operations.ts'
import { refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import { transport } from './transport.ts'

export function SignUp() {
  const [signUp, { data, error, loading }] = useMutation(SignUpDocument, {
    onCompleted: ({ signUp }) => {
      if (signUp.__typename === 'SignUpSuccess') transport.begin(signUp)
    },
  })
  const submit = (field: (name: string) => string) => {
    const input = { name: field('name'), email: field('email'), password: field('password'), transport: transport.name }
    void signUp({ variables: { input } })
  }
  return (
    <>
      <h1>Create an account</h1>
      <Form action="Sign up" refusal={refusalOf(data?.signUp)} error={error} isBusy={loading} onSubmit={submit}>
        <Field name="name" label="Name" autoComplete="name" />
        <Field name="email" label="E-mail address" type="email" autoComplete="email" />
        <Field name="password" label="Password" type="password" autoComplete="new-password" />
      </Form>
    </>
  )
}
