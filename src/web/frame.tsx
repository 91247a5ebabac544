/** The frame of all pages: the head with the way to one's account, the content, and the choice of a language. */
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useLocale, useTexts } from './locale.tsx'
import { locales } from './locales.ts'
import { ProblemNotice } from './parts/notice.tsx'
import { PageLink } from './parts/page.tsx'
import { useProductName } from './productName.tsx'
import { useNavigate } from './routing.ts'
import { useSession } from './session.tsx'
import { isOn } from './settings.ts'

const Head = () => {
  const texts = useTexts()
  const name = useProductName()
  const [path] = useLocation()
  const { me, signOut } = useSession()
  const navigate = useNavigate()
  const leave = async () => {
    // Whoever signs in next begins anew, and not where this person was.
    if ((await signOut()) && isOn('sign-in')) navigate('/sign-in')
  }
  return (
    <header className="page-head">
      <div className="product">{isOn('landing') ? <PageLink to="/">{name}</PageLink> : <span>{name}</span>}</div>
      <nav aria-label={texts.account}>
        {me === null && isOn('sign-in') && path !== '/sign-in' && <PageLink to="/sign-in">{texts.signIn}</PageLink>}
        {me != null && isOn('account') && (
          <PageLink to="/account" isCurrent={path.startsWith('/account')}>
            {texts.account}
          </PageLink>
        )}
        {me?.isAdmin === true && isOn('admin') && (
          <PageLink to="/admin" isCurrent={path.startsWith('/admin')}>
            {texts.administration}
          </PageLink>
        )}
        {me != null && (
          <Button className="button plain" onPress={() => void leave()}>
            {texts.signOut}
          </Button>
        )}
      </nav>
    </header>
  )
}

const Languages = () => {
  const texts = useTexts()
  const { locale, choose } = useLocale()
  return (
    <footer className="page-foot">
      <nav aria-label={texts.language}>
        {locales.map((other) => (
          <Button
            key={other}
            className="button plain"
            isDisabled={other === locale}
            onPress={() => choose(other, true)}
            aria-label={texts.languages[other]}
          >
            <span lang={other}>{texts.languages[other]}</span>
          </Button>
        ))}
      </nav>
    </footer>
  )
}

/** After a step to another page the focus is at its beginning, and so is what is seen, as after loading one. */
const useFocusOnNavigation = (): { readonly current: HTMLElement | null } => {
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    window.scrollTo(0, 0)
    if (!main.current?.contains(document.activeElement)) main.current?.focus()
  }, [path])
  return main
}

export const Frame = ({ children, isWide }: { readonly children: ReactNode; readonly isWide: boolean }) => {
  const texts = useTexts()
  const { problem, refresh } = useSession()
  const main = useFocusOnNavigation()
  return (
    <>
      <a className="skip" href="#content">
        {texts.skipToContent}
      </a>
      <Head />
      <main id="content" ref={main as React.RefObject<HTMLElement>} tabIndex={-1} className={isWide ? 'wide' : 'narrow'}>
        {problem !== undefined && <ProblemNotice problem={problem} onRetry={() => void refresh()} />}
        {children}
      </main>
      <Languages />
    </>
  )
}
