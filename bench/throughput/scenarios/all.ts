/** All scenarios of throughput, and the choice among them. */
import type { Scenario } from '../measure.ts'
import type { Servers } from '../servers.ts'
import { tokensOf } from '../tokens.ts'
import { pages } from './pages.ts'
import { refresh } from './refresh.ts'
import { signIn } from './signIn.ts'
import { whoAmI } from './whoAmI.ts'

/** The scenarios whose name contains `only`, and of the others the subjects that do, beside the limit. */
export function scenariosOf(servers: Servers, only: string): Scenario[] {
  const tokens = tokensOf(servers)
  return [whoAmI(servers, tokens), pages(servers, tokens), signIn(servers), refresh(servers)].flatMap((scenario) => {
    if (scenario.name.includes(only)) return [scenario]
    const [limit, ...others] = scenario.subjects
    const chosen = others.filter(({ name }) => name.includes(only))
    return limit === undefined || chosen.length === 0 ? [] : [{ ...scenario, subjects: [limit, ...chosen] }]
  })
}
