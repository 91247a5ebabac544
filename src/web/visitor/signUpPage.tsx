/** /sign-up. Whoever signs up is signed in. */
import { useLocale, useTexts } from '../locale.tsx'
import { ChangeForm, Field, PasswordField } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { useRequest } from '../request.ts'
import { useNavigate } from '../routing.ts'
import { useSession } from '../session.tsx'
import { SignUpDocument } from './operations.ts'
import { useService } from './service.ts'
import { nextOf } from './signInPage.tsx'

export const SignUpPage = () => {
  const texts = useTexts()
  const { locale } = useLocale()
  usePage(texts.signUpPage.title)
  const { signedInAs } = useSession()
  const navigate = useNavigate()
  const service = useService()
  const signUp = useRequest(SignUpDocument)
  const send = async (read: (field: string) => string) => {
    const result = await signUp.run({
      input: {
        name: read('name') || null,
        email: read('email'),
        username: read('username') || null,
        password: read('password'),
        locale: locale === 'ar' ? 'AR' : 'EN',
        transport: 'COOKIE',
      },
    })
    if (result?.__typename !== 'SignUpSuccess') return
    signedInAs(result.user)
    navigate(nextOf(location.search), { replace: true })
  }
  return (
    <>
      <h1>{texts.signUpPage.title}</h1>
      {service?.isRegistrationOpen === false ? (
        <Notice kind="info">{texts.signUpPage.closed}</Notice>
      ) : (
        <ChangeForm submit={texts.signUpPage.submit} isBusy={signUp.isBusy} problem={signUp.problem} onSend={send}>
          <Field name="name" label={texts.signUpPage.name} autoComplete="name" autoFocus />
          <Field name="email" label={texts.signUpPage.email} type="email" autoComplete="email" isRequired dir="ltr" />
          <Field name="username" label={texts.signUpPage.username} hint={texts.signUpPage.usernameHint} autoComplete="username" />
          <PasswordField name="password" label={texts.password.label} hint={texts.password.hint} autoComplete="new-password" />
        </ChangeForm>
      )}
      <p className="further">
        {texts.signUpPage.hasAccount} <PageLink to="/sign-in">{texts.signIn}</PageLink>
      </p>
    </>
  )
}
