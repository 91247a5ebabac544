/** /sign-in. `?next=` is where to go then, a path of these pages; without it, to one's account. */
import { useCallback, useEffect } from 'react'
import { useTexts } from '../locale.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { useNavigate } from '../routing.ts'
import { useSession } from '../session.tsx'
import { isOn } from '../settings.ts'
import { useService } from './service.ts'
import { SignInSteps } from './signInSteps.tsx'

/** Only a path of our own: anything else would lead people who trust this page elsewhere. */
export const nextOf = (search: string): string => {
  const next = new URLSearchParams(search).get('next') ?? ''
  return /^\/(?![/\\])/.test(next) ? next : isOn('account') ? '/account' : '/'
}

export const SignInPage = () => {
  const texts = useTexts()
  usePage(texts.signInPage.title)
  const { me } = useSession()
  const navigate = useNavigate()
  const service = useService()
  const isSignedIn = me !== null && me !== undefined
  const go = useCallback(() => navigate(nextOf(location.search), { replace: true }), [navigate])
  // Also when another tab has signed in.
  useEffect(() => {
    if (isSignedIn) go()
  }, [isSignedIn, go])
  return (
    <>
      <h1>{texts.signInPage.title}</h1>
      {new URLSearchParams(location.search).has('deleted') && (
        <Notice kind="good" takesFocus>
          {texts.signInPage.deleted}
        </Notice>
      )}
      <SignInSteps onSignedIn={go} />
      <p className="further">
        <PageLink to="/forgot-password">{texts.signInPage.forgotten}</PageLink>
      </p>
      {service?.isRegistrationOpen === true && (
        <p className="further">
          {texts.signInPage.noAccount} <PageLink to="/sign-up">{texts.signUp}</PageLink>
        </p>
      )}
    </>
  )
}
