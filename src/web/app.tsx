/** All pages by their addresses. Those for everybody are loaded at once, the others when somebody goes there. */
import { Component, lazy, type ReactNode, Suspense } from 'react'
import { Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { Frame } from './frame.tsx'
import { useTexts } from './locale.tsx'
import { Notice } from './parts/notice.tsx'
import { PageLink, usePage } from './parts/page.tsx'
import { ProofProvider } from './proof.tsx'
import { useSession } from './session.tsx'
import { basePath, isOn, type PageGroup } from './settings.ts'
import { ForgotPasswordPage } from './visitor/forgotPasswordPage.tsx'
import { LandingPage } from './visitor/landingPage.tsx'
import { ConfirmEmailPage, DisownEmailPage, ResetPasswordPage, UndoChangePage } from './visitor/mailLinkPages.tsx'
import { SignInPage } from './visitor/signInPage.tsx'
import { SignUpPage } from './visitor/signUpPage.tsx'

const AccountPages = lazy(async () => ({ default: (await import('./account/accountPages.tsx')).AccountPages }))
const AdminPages = lazy(async () => ({ default: (await import('./admin/adminPages.tsx')).AdminPages }))

const NotFound = () => {
  const texts = useTexts().notFound
  usePage(texts.title)
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.text}</p>
      <PageLink to="/">{texts.home}</PageLink>
    </>
  )
}

/** A page for those who are signed in; others go to the sign-in page first, and come back. */
const SignedInOnly = ({ children }: { readonly children: ReactNode }) => {
  const { me } = useSession()
  const { wait } = useTexts()
  const [path] = useLocation()
  if (me === undefined) return <Notice kind="info">{wait}</Notice>
  if (me === null) return <Redirect to={`/sign-in?next=${encodeURIComponent(path + location.search)}`} replace />
  return children
}

const Crashed = () => {
  const texts = useTexts().crashed
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.text}</p>
      <button type="button" className="button main" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </>
  )
}

/** Keeps the frame when a page breaks, or when a part of it cannot be loaded because the server has a new release. */
class Boundary extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false }
  static getDerivedStateFromError() {
    return { isBroken: true }
  }
  override render() {
    return this.state.isBroken ? <Crashed /> : this.props.children
  }
}

const pages: readonly (readonly [path: string, group: PageGroup | undefined, page: () => ReactNode])[] = [
  ['/', 'landing', LandingPage],
  ['/sign-in', 'sign-in', SignInPage],
  ['/sign-up', 'sign-in', SignUpPage],
  ['/forgot-password', 'sign-in', ForgotPasswordPage],
  // Mails link to these, so no setting turns them off.
  ['/reset-password', undefined, ResetPasswordPage],
  ['/confirm-email', undefined, ConfirmEmailPage],
  ['/disown-email', undefined, DisownEmailPage],
  ['/undo-change', undefined, UndoChangePage],
]

const Pages = () => {
  const { wait } = useTexts()
  const [path] = useLocation()
  return (
    <Frame isWide={path.startsWith('/account') || path.startsWith('/admin')}>
      <Boundary key={path}>
        <Suspense fallback={<Notice kind="info">{wait}</Notice>}>
          <Switch>
            {pages.map(
              ([address, group, Page]) => (group === undefined || isOn(group)) && <Route key={address} path={address} component={Page} />,
            )}
            {isOn('account') && (
              <Route path="/account/*?">
                <SignedInOnly>
                  <AccountPages />
                </SignedInOnly>
              </Route>
            )}
            {isOn('admin') && (
              <Route path="/admin/*?">
                <SignedInOnly>
                  <AdminPages />
                </SignedInOnly>
              </Route>
            )}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Frame>
  )
}

export const App = () => (
  <Router base={basePath}>
    <ProofProvider>
      <Pages />
    </ProofProvider>
  </Router>
)
