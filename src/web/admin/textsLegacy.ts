/** The texts about legacy clients. */
import type { InEach } from '../locales.ts'
import { counted } from '../texts/ar.ts'
import type { Advice } from './advice.ts'
import type { DialectUseGrouping } from './operations.ts'

const requests = (count: number): string => (count === 1 ? 'one request' : `${count.toLocaleString('en-GB')} requests`)

/** What an advice is about, written in the language of the page. */
interface Words {
  /** The day of the advice. */
  readonly date: string
  /** The day of the last request; undefined if none is known. */
  readonly lastDay: string | undefined
}

const byEn: Readonly<Record<DialectUseGrouping, string>> = { CLIENT: 'Client', DIALECT: 'Dialect', ROUTE: 'Route' }
const byAr: Readonly<Record<DialectUseGrouping, string>> = { CLIENT: 'العميل', DIALECT: 'اللهجة', ROUTE: 'المسار' }

const adviceEn = (advice: Advice, { date, lastDay }: Words): string => {
  switch (advice.kind) {
    case 'remove':
      return 'It is switched off, and no client has asked for it for 30 days. You can take it out of DIALECTS.'
    case 'refused':
      return `It is switched off, and clients still ask for it: ${requests(advice.usage.requests)} in 30 days, the last on ${lastDay}. All are answered with 410. Write to these clients.`
    case 'switchOff':
      return lastDay === undefined
        ? 'No request to it is known. If this server has run for 30 days, you can switch it off:'
        : `Nobody has used it for 30 days; the last request came on ${lastDay}. You can switch it off:`
    case 'announce':
      return `It is still used: ${requests(advice.usage.requests)} in 30 days. Its clients do not know that it will end. Tell them with each answer:`
    case 'announced':
      return `It is still used: ${requests(advice.usage.requests)} in 30 days. It is deprecated from ${date} on.${advice.setting === undefined ? '' : ' Say also until when it works:'}`
    case 'setSunset':
      return `It is deprecated since ${date}, and still used: ${requests(advice.usage.requests)} in 30 days. Write to these clients, and tell them until when it works:`
    case 'write':
      return `It ends on ${date}, in ${advice.days === 1 ? 'one day' : `${advice.days} days`}, and is still used: ${requests(advice.usage.requests)} in 30 days. Write to these clients.`
    case 'overdue':
      return `Its end was on ${date}, and it is still used: ${requests(advice.usage.requests)} in 30 days. Write to these clients a last time, then switch it off:`
  }
}

const en = {
  title: 'Legacy clients',
  prompt: 'Who still uses the legacy APIs, and how the way out is going. Counts are up to a minute behind.',
  dialects: 'The dialects',
  noDialects: 'This server serves no legacy API.',
  advice: adviceEn,
  inSettings: 'In the settings of the server:',
  next: 'What to do next',
  deprecated: 'Deprecated since',
  willBeDeprecated: 'Deprecated from',
  sunset: 'Ends',
  notSet: 'no date',
  lastUse: 'Last request',
  never: 'none known',
  in30Days: 'Requests in 30 days',
  readOnly: 'Read only',
  switchedOff: 'Switched off',
  served: 'Served',
  guide: 'Guide for its clients',
  who: 'Who uses it',
  routes: 'Routes with settings of their own',
  route: 'Route',
  state: 'State',
  chart: 'Requests over time',
  filters: 'Which requests to show',
  by: 'By',
  groupings: byEn,
  period: 'Period',
  days: (days: number) => (days === 365 ? 'A year' : `${days} days`),
  dialect: 'Dialect',
  client: 'Client contains',
  all: 'All',
  requests: 'Requests',
  failures: 'Failed',
  share: 'Share',
  noUses: 'No request matches.',
  chartLabel: (by: string, step: number) => `Requests per ${step === 1 ? 'day' : 'week'} by ${by.toLowerCase()}`,
  groupsLabel: (by: string) => `Requests by ${by.toLowerCase()}`,
  asTable: 'The chart as a table',
  day: 'Day',
  week: 'Week from',
  others: 'All others',
  noName: 'without a name',
  otherClients: 'further clients',
  list: 'Who is left',
  listPrompt: 'The most recently used first. Nothing here says which account it was.',
  token: 'Session of',
  noSession: 'no session',
  first: 'First request',
  last: 'Last request',
}

const arabicRequests = (count: number): string => counted(count, { one: 'طلب واحد', two: 'طلبان', few: 'طلبات', many: 'طلبًا' })
const arabicDays = (count: number): string => counted(count, { one: 'يوم واحد', two: 'يومين', few: 'أيام', many: 'يومًا' })

const adviceAr = (advice: Advice, { date, lastDay }: Words): string => {
  switch (advice.kind) {
    case 'remove':
      return 'هي متوقفة، ولم يطلبها أي عميل منذ ٣٠ يومًا. يمكنك إزالتها من \u2068DIALECTS\u2069.'
    case 'refused':
      return `هي متوقفة، وما زال عملاء يطلبونها: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا، آخرها في ${lastDay}. يُرد عليها كلها بالحالة ٤١٠. راسل هؤلاء العملاء.`
    case 'switchOff':
      return lastDay === undefined
        ? 'لا يُعرف أي طلب لها. إن كان هذا الخادم يعمل منذ ٣٠ يومًا فيمكنك إيقافها:'
        : `لم يستخدمها أحد منذ ٣٠ يومًا، وكان آخر طلب في ${lastDay}. يمكنك إيقافها:`
    case 'announce':
      return `ما زالت مستخدمة: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا. لا يعرف عملاؤها أنها ستنتهي. أخبرهم مع كل رد:`
    case 'announced':
      return `ما زالت مستخدمة: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا. تصبح مهجورة ابتداءً من ${date}.${advice.setting === undefined ? '' : ' أخبرهم أيضًا حتى متى تعمل:'}`
    case 'setSunset':
      return `هي مهجورة منذ ${date}، وما زالت مستخدمة: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا. راسل هؤلاء العملاء، وأخبرهم حتى متى تعمل:`
    case 'write':
      return `تنتهي في ${date}، بعد ${arabicDays(advice.days)}، وما زالت مستخدمة: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا. راسل هؤلاء العملاء.`
    case 'overdue':
      return `كانت نهايتها في ${date}، وما زالت مستخدمة: ${arabicRequests(advice.usage.requests)} في ٣٠ يومًا. راسل هؤلاء العملاء مرة أخيرة، ثم أوقفها:`
  }
}

const ar: typeof en = {
  title: 'العملاء القدامى',
  prompt: 'من ما زال يستخدم الواجهات القديمة، وكيف يسير التخلي عنها. قد تتأخر الأعداد دقيقة.',
  dialects: 'اللهجات',
  noDialects: 'لا يقدم هذا الخادم أي واجهة قديمة.',
  advice: adviceAr,
  inSettings: 'في إعدادات الخادم:',
  next: 'الخطوة التالية',
  deprecated: 'مهجورة منذ',
  willBeDeprecated: 'تصبح مهجورة في',
  sunset: 'تنتهي في',
  notSet: 'بلا تاريخ',
  lastUse: 'آخر طلب',
  never: 'لا يُعرف',
  in30Days: 'الطلبات في ٣٠ يومًا',
  readOnly: 'للقراءة فقط',
  switchedOff: 'متوقفة',
  served: 'تعمل',
  guide: 'دليل لعملائها',
  who: 'من يستخدمها',
  routes: 'مسارات لها إعدادات خاصة',
  route: 'المسار',
  state: 'الحالة',
  chart: 'الطلبات مع الوقت',
  filters: 'الطلبات التي تُعرض',
  by: 'حسب',
  groupings: byAr,
  period: 'المدة',
  days: (days) => (days === 365 ? 'سنة' : arabicDays(days)),
  dialect: 'اللهجة',
  client: 'في اسم العميل',
  all: 'الكل',
  requests: 'الطلبات',
  failures: 'ما لم ينجح',
  share: 'النسبة',
  noUses: 'لا يوجد طلب مطابق.',
  chartLabel: (by, step) => `الطلبات في كل ${step === 1 ? 'يوم' : 'أسبوع'} حسب ${by}`,
  groupsLabel: (by) => `الطلبات حسب ${by}`,
  asTable: 'الرسم في جدول',
  day: 'اليوم',
  week: 'الأسبوع من',
  others: 'كل ما عداها',
  noName: 'بلا اسم',
  otherClients: 'عملاء آخرون',
  list: 'من بقي',
  listPrompt: 'الأحدث استخدامًا أولًا. لا شيء هنا يقول أي حساب كان.',
  token: 'جلسة من',
  noSession: 'بلا جلسة',
  first: 'أول طلب',
  last: 'آخر طلب',
}

export const legacyTexts: InEach<typeof en> = { en, ar }
