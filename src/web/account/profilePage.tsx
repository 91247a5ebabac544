/** /account: names, phone, bio and language. */
import { useState } from 'react'
import { useFormats, useLocale, useTexts, useTextsOf } from '../locale.tsx'
import { type Locale, locales } from '../locales.ts'
import { Choice } from '../parts/choice.tsx'
import { ChangeForm, Field } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import { UpdateProfileDocument } from './operations.ts'
import { accountTexts } from './texts.ts'
import { useProfile } from './useProfile.ts'

export const ProfilePage = () => {
  const texts = useTextsOf(accountTexts).profile
  const { languages, wait } = useTexts()
  const formats = useFormats()
  const { choose } = useLocale()
  usePage(texts.title)
  const { account, problem, again, changed } = useProfile()
  const update = useChange(UpdateProfileDocument)
  const [isSaved, setSaved] = useState(false)
  const send = async (read: (field: string) => string) => {
    setSaved(false)
    const locale = read('locale') as Locale
    const result = await update.run({
      input: { name: read('name'), phone: read('phone') || null, bio: read('bio') || null, locale: locale === 'ar' ? 'AR' : 'EN' },
    })
    if (result?.__typename !== 'UpdateProfileSuccess') return
    choose(locale, true)
    changed(result.user)
    setSaved(true)
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {account === undefined ? (
        problem === undefined && <Notice kind="info">{wait}</Notice>
      ) : (
        <>
          <dl className="facts">
            <div>
              <dt>{texts.username}</dt>
              <dd>{account.username}</dd>
            </div>
            <div>
              <dt>{texts.since}</dt>
              <dd>{formats.time(account.createdAt)}</dd>
            </div>
          </dl>
          <ChangeForm submit={texts.save} isBusy={update.isBusy} problem={update.problem} onSend={send}>
            <Field name="name" label={texts.name} defaultValue={account.name} autoComplete="name" isRequired />
            <Field
              name="phone"
              label={texts.phone}
              hint={texts.phoneHint}
              defaultValue={account.phone ?? ''}
              type="tel"
              autoComplete="tel"
              dir="ltr"
            />
            <Field name="bio" label={texts.bio} defaultValue={account.bio ?? ''} isLong />
            <Choice
              name="locale"
              label={texts.language}
              defaultValue={account.locale === 'AR' ? 'ar' : 'en'}
              options={locales.map((locale) => ({ value: locale, label: languages[locale] }))}
            />
          </ChangeForm>
          {isSaved && <Notice kind="good">{texts.saved}</Notice>}
        </>
      )}
    </>
  )
}
