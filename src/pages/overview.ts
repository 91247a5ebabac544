/**
 * What `/` answers a program, and the start page shows a person: where things are. In production only what is meant for the public; where
 * one develops, also the first steps on a fresh base.
 */
import type { Config } from '../config.ts'
import { firstIsClaimed } from '../domain/accounts/firstAccount.ts'
import { hasAdmin } from '../domain/administration/settingsAdmin.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { serviceName } from '../domain/mails/service.ts'

interface ServedDialect {
  readonly name: string
  readonly title: string
}

/** A first step, which the page says in words. */
type Step = 'create_first_account' | 'set_admin' | 'try_graphiql' | 'move_in'

interface Overview {
  readonly name: string
  readonly links: Readonly<Record<string, string>>
  readonly dialects?: readonly { readonly name: string; readonly title: string; readonly openapi: string }[]
  readonly first_steps?: readonly Step[]
}

const linksOf = (config: Config, at: (path: string) => string): Record<string, string> => ({
  graphql: at('/graphql'),
  ...(config.GRAPHIQL && { graphiql: at('/graphql') }),
  ...(!config.production && { graphql_schema: at('/graphql/schema.graphql') }),
  ...(config.API_DOCS && { rest_documents: at('/docs') }),
  ...(config.PAGES.includes('sign-in') ? { sign_in: at('/sign-in') } : config.SIGN_IN_URL !== undefined && { sign_in: config.SIGN_IN_URL }),
  ...(config.PAGES.includes('account') && { account: at('/account') }),
  keys: at('/.well-known/jwks.json'),
  health: at('/healthz'),
})

const firstSteps = async (domain: Domain): Promise<readonly Step[]> => {
  const { config, db } = domain
  if (await hasAdmin(domain)) return []
  const isByRegistration = config.FIRST_ACCOUNT_IS_ADMIN && config.REGISTRATION === 'open' && !(await firstIsClaimed(db))
  return [isByRegistration ? 'create_first_account' : 'set_admin', ...(config.GRAPHIQL ? (['try_graphiql'] as const) : []), 'move_in']
}

export const createOverview = (domain: Domain, dialects: readonly ServedDialect[]): (() => Promise<Overview>) => {
  const { config } = domain
  const at = (path: string): string => config.PUBLIC_URL.replace(/\/+$/, '') + path
  const fixed = {
    name: serviceName(config),
    links: linksOf(config, at),
    ...(config.API_DOCS && {
      dialects: dialects.map((dialect) => ({ name: dialect.name, title: dialect.title, openapi: at(`/openapi/${dialect.name}.json`) })),
    }),
  }
  let hasBegun = false
  return async () => {
    if (config.production || hasBegun) return fixed
    const steps = await firstSteps(domain)
    hasBegun = steps.length === 0
    return hasBegun ? fixed : { ...fixed, first_steps: steps }
  }
}
