/** What a new account and an invitation have in common. */
import { useLocale, useTexts, useTextsOf } from '../locale.tsx'
import { locales } from '../locales.ts'
import { Choice } from '../parts/choice.tsx'
import { Field } from '../parts/form.tsx'
import type { InviteUserInput } from './operations.ts'
import { ScopeFields, scopesOf } from './scopeFields.tsx'
import { usersTexts } from './textsUsers.ts'

export const NewUserFields = ({ isEmailRequired = false }: { readonly isEmailRequired?: boolean }) => {
  const texts = useTextsOf(usersTexts).create
  const { languages } = useTexts()
  const { locale } = useLocale()
  return (
    <>
      <Field name="email" label={texts.email} type="email" isRequired={isEmailRequired} autoComplete="off" dir="ltr" />
      <Field name="username" label={texts.username} hint={texts.usernameHint} autoComplete="off" />
      <Field name="name" label={texts.name} autoComplete="off" />
      <Field name="phone" label={texts.phone} type="tel" autoComplete="off" dir="ltr" />
      <Choice
        name="locale"
        label={texts.language}
        defaultValue={locale}
        options={locales.map((value) => ({ value, label: languages[value] }))}
      />
      <ScopeFields legend={texts.scopes} />
    </>
  )
}

/** What was typed; an empty field is left out. */
export const newUserOf = (read: (field: string) => string, form: HTMLFormElement): Omit<InviteUserInput, 'email'> => ({
  username: read('username') || null,
  name: read('name') || null,
  phone: read('phone') || null,
  locale: read('locale') === 'ar' ? 'AR' : 'EN',
  scopes: scopesOf(form),
})
