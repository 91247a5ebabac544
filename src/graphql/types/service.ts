/** What the server offers to anybody. */
import type { Service } from '../../domain/server/service.ts'
import { builder } from '../builder.ts'
import { LocaleEnum } from './locale.ts'

const ServiceType = builder.objectRef<Service>('Service').implement({
  description: 'What this server offers to anybody.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the service, for people.' }),
    isRegistrationOpen: t.exposeBoolean('isRegistrationOpen', { description: 'Whether anybody may create an account (`signUp`).' }),
    locales: t.field({ type: [LocaleEnum], description: 'The languages of mails and pages.', resolve: ({ locales }) => [...locales] }),
    defaultLocale: t.expose('defaultLocale', { type: LocaleEnum, description: 'The language if nobody has chosen another one.' }),
  }),
})

builder.queryField('service', (t) =>
  t.field({
    type: ServiceType,
    description: 'What this server offers to anybody, for a sign-in page.',
    resolve: async (_root, _args, { operations }) => await operations.service(),
  }),
)
