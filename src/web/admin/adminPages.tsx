/** /admin: administration, for administrators only; the schema refuses everybody else anyway. */
import { Route, Switch } from 'wouter'
import { useTextsOf } from '../locale.tsx'
import { Area } from '../parts/area.tsx'
import { Notice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { decodedPart } from '../routing.ts'
import { useMe } from '../session.tsx'
import { AuditLogPage } from './auditLogPage.tsx'
import { CreateUserPage } from './createUserPage.tsx'
import { InviteUserPage } from './inviteUserPage.tsx'
import { KeysPage } from './keysPage.tsx'
import { LegacyClientsPage } from './legacyClientsPage.tsx'
import { MailsPage } from './mailsPage.tsx'
import { ServerPage } from './serverPage.tsx'
import { adminTexts } from './texts.ts'
import { UserPage } from './userPage.tsx'
import { UsersPage } from './usersPage.tsx'
import { WebhookPage } from './webhookPage.tsx'
import { WebhooksPage } from './webhooksPage.tsx'

const Refused = () => {
  const texts = useTextsOf(adminTexts)
  usePage(texts.title)
  return (
    <>
      <h1>{texts.title}</h1>
      <Notice kind="info">{texts.forAdministrators}</Notice>
    </>
  )
}

export const AdminPages = () => {
  const texts = useTextsOf(adminTexts)
  if (!useMe().isAdmin) return <Refused />
  const sections = [
    { path: '/admin', title: texts.users },
    { path: '/admin/audit-log', title: texts.auditLog },
    { path: '/admin/legacy-clients', title: texts.legacyClients },
    { path: '/admin/keys', title: texts.keys },
    { path: '/admin/mails', title: texts.mails },
    { path: '/admin/webhooks', title: texts.webhooks },
    { path: '/admin/server', title: texts.server },
  ]
  return (
    <Area label={texts.sections} sections={sections}>
      <Switch>
        <Route path="/admin" component={UsersPage} />
        <Route path="/admin/create" component={CreateUserPage} />
        <Route path="/admin/invite" component={InviteUserPage} />
        <Route path="/admin/users/*">{({ '*': id }) => <UserPage id={decodedPart(id)} />}</Route>
        <Route path="/admin/audit-log" component={AuditLogPage} />
        <Route path="/admin/legacy-clients" component={LegacyClientsPage} />
        <Route path="/admin/keys" component={KeysPage} />
        <Route path="/admin/mails" component={MailsPage} />
        <Route path="/admin/webhooks" component={WebhooksPage} />
        <Route path="/admin/webhooks/*">{({ '*': id }) => <WebhookPage id={decodedPart(id)} />}</Route>
        <Route path="/admin/server" component={ServerPage} />
        <Route>
          <Notice kind="info">{texts.notFound}</Notice>
        </Route>
      </Switch>
    </Area>
  )
}
