/** The texts of the landing page. */
import type { InEach } from '../locales.ts'

const en = {
  title: 'Start',
  lead: 'One account for every application here: sign in, manage your account, and see what happened to it.',
  firstSteps: 'First steps',
  steps: {
    create_first_account: 'Create the first account. It becomes the administrator.',
    set_admin: 'Set ADMIN_EMAIL and ADMIN_PASSWORD and start again, or run `vestibule user create --admin`, to have an administrator.',
    try_graphiql: 'Try the API in GraphiQL.',
    move_in: 'Move your user base in with `vestibule import`.',
  },
  forDevelopers: 'For developers',
  links: {
    graphiql: 'GraphiQL: try the GraphQL API',
    graphql_schema: 'The GraphQL schema',
    rest_documents: 'The REST documents',
    health: 'Health of the server',
    keys: 'Public keys for access tokens (JWKS)',
  },
  dialects: 'REST dialects',
}

const ar: typeof en = {
  title: 'البداية',
  lead: 'حساب واحد لكل تطبيق هنا: سجّل الدخول، وأدِر حسابك، واطّلع على ما جرى فيه.',
  firstSteps: 'الخطوات الأولى',
  steps: {
    create_first_account: 'أنشئ الحساب الأول. سيكون حساب مسؤول النظام.',
    set_admin: 'اضبط ADMIN_EMAIL وADMIN_PASSWORD ثم أعد التشغيل، أو نفّذ `vestibule user create --admin`، ليكون هناك مسؤول للنظام.',
    try_graphiql: 'جرّب الواجهة البرمجية في GraphiQL.',
    move_in: 'انقل قاعدة المستخدمين إلى هنا بالأمر `vestibule import`.',
  },
  forDevelopers: 'للمطورين',
  links: {
    graphiql: 'GraphiQL: تجربة واجهة GraphQL',
    graphql_schema: 'مخطط GraphQL',
    rest_documents: 'وثائق REST',
    health: 'حالة الخادم',
    keys: 'المفاتيح العامة لرموز الوصول (JWKS)',
  },
  dialects: 'لهجات REST',
}

export const landingTexts: InEach<typeof en> = { en, ar }
