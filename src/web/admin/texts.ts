/** The texts that all pages of the administration share. */
import type { InEach } from '../locales.ts'

const en = {
  title: 'Administration',
  sections: 'Sections of the administration',
  forAdministrators: 'These pages are for administrators. Your account is not one.',
  notFound: 'There is no such page.',
  users: 'Users',
  auditLog: 'Audit log',
  legacyClients: 'Legacy clients',
  keys: 'Signing keys',
  mails: 'Mails that wait',
  webhooks: 'Webhooks',
  server: 'Server',
}

const ar: typeof en = {
  title: 'الإدارة',
  sections: 'أقسام الإدارة',
  forAdministrators: 'هذه الصفحات لمسؤولي النظام، وحسابك ليس منهم.',
  notFound: 'لا توجد صفحة كهذه.',
  users: 'المستخدمون',
  auditLog: 'سجل التدقيق',
  legacyClients: 'العملاء القدامى',
  keys: 'مفاتيح التوقيع',
  mails: 'رسائل تنتظر',
  webhooks: 'نقاط الإشعار',
  server: 'الخادم',
}

export const adminTexts: InEach<typeof en> = { en, ar }
