/** /account: everything that an account can do for itself. */
import { Route, Switch } from 'wouter'
import { useTextsOf } from '../locale.tsx'
import { Area } from '../parts/area.tsx'
import { Notice } from '../parts/notice.tsx'
import { useMe } from '../session.tsx'
import { AuditLogPage } from './auditLogPage.tsx'
import { DataPage } from './dataPage.tsx'
import { EmailPage } from './emailPage.tsx'
import { PasswordPage } from './passwordPage.tsx'
import { ProfilePage } from './profilePage.tsx'
import { SessionsPage } from './sessionsPage.tsx'
import { accountTexts } from './texts.ts'
import { TokensPage } from './tokensPage.tsx'
import { TwoFactorPage } from './twoFactorPage.tsx'

export const AccountPages = () => {
  const texts = useTextsOf(accountTexts)
  const { mustChangePassword } = useMe()
  const sections = [
    { path: '/account', title: texts.profile.title },
    { path: '/account/password', title: texts.password.title },
    { path: '/account/email', title: texts.email.title },
    { path: '/account/two-factor', title: texts.twoFactor.title },
    { path: '/account/sessions', title: texts.sessions.title },
    { path: '/account/tokens', title: texts.tokens.title },
    { path: '/account/audit-log', title: texts.auditLog.title },
    { path: '/account/data', title: texts.data.title },
  ]
  return (
    <Area label={texts.sections} sections={sections}>
      {mustChangePassword && <Notice kind="info">{texts.mustChangePassword}</Notice>}
      <Switch>
        <Route path="/account/password" component={PasswordPage} />
        <Route path="/account/email" component={EmailPage} />
        <Route path="/account/two-factor" component={TwoFactorPage} />
        <Route path="/account/sessions" component={SessionsPage} />
        <Route path="/account/tokens" component={TokensPage} />
        <Route path="/account/audit-log" component={AuditLogPage} />
        <Route path="/account/data" component={DataPage} />
        <Route component={ProfilePage} />
      </Switch>
    </Area>
  )
}
