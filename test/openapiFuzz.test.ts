/**
 * Every operation of every dialect, asked what its own OpenAPI document allows, what it just allows, and what it refuses: fields
 * left out, null, of other types, too long, twice, under other names, in other media types, with every kind of token and none.
 * Whatever is asked:
 *
 * 1. the answer is one that the document declares (test/support/conformance.ts looks at each), never a fault of the server, and what
 *    is refused is refused in the dialect's own form;
 * 2. what the document refuses is not done;
 * 3. every operation is seen to succeed, and to answer each 400, 401, 404, 413 and 415 that its document declares.
 *
 * `OPENAPI_FUZZ_RUNS=1000 npm test -- --project pglite test/openapiFuzz` looks longer; a failure tells its seed and path.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { send } from './guards/raw.ts'
import { expectError, mounts } from './guards/routes.ts'
import { type Callers, createCallers, operationsWithRequest, SETTINGS } from './openapiFuzz/callers.ts'
import { firstPlans, type Plan, planOf } from './openapiFuzz/plans.ts'
import { refusals, requestOf } from './openapiFuzz/requests.ts'
import { requestSchemas } from './support/conformance/schemas.ts'
import { bookOf } from './support/conformance.ts'
import { databaseKind } from './support/database.ts'
import { runs } from './support/fullSize.ts'
import { useWorld } from './support/world.ts'

const RUNS = Number(process.env.OPENAPI_FUZZ_RUNS ?? runs(4, 8))
const TIMEOUT = 120_000 + RUNS * 1_000

const world = useWorld(SETTINGS)
let callers: Callers
beforeAll(async () => {
  callers = await createCallers(world())
})

const { described } = bookOf(readConfig({}))
/** Each operation once, although two dialects document it. */
const targets = [
  ...new Map(
    described.flatMap(({ document, operations }) => {
      const compile = requestSchemas(document)
      return operations.map((operation) => [operation.name, { name: operation.name, document, operation, compile }] as const)
    }),
  ).values(),
]

let requests = 0
const statuses = new Map<number, number>()
afterAll(() => {
  const reported = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
  process.stdout.write(`openapi fuzz on ${databaseKind()}: ${requests} requests to ${targets.length} operations, ${reported.join(', ')}\n`)
})

const mountOf = (path: string): string => mounts.find((mount) => path === mount || path.startsWith(`${mount}/`)) ?? ''
/** Statuses that every operation gives somebody, if it declares them; openapiStatuses.test.ts has the others. */
const CERTAIN = [400, 401, 404, 413, 415]
const isSuccess = (status: number): boolean => status < 300

it('the plans know how each operation succeeds, and no other', () => {
  expect(targets.map(({ name }) => name).sort()).toEqual([...operationsWithRequest].sort())
})

describe('every answer is in the document', () => {
  it.each(targets)(
    '$name',
    async ({ name, document, operation, compile }) => {
      const reached = new Set<number>()
      const first = firstPlans(document, operation)
      await fc.assert(
        fc.asyncProperty(planOf(document, operation), async (plan: Plan) => {
          const sent = await requestOf(operation, plan, callers)
          const answer = await send(world(), operation.method, sent.url, sent)
          const { status } = answer
          requests += 1
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          reached.add(status)
          expect(status).toBeLessThan(500)
          if (status >= 400) expectError(mountOf(operation.path), answer, status)
          if (isSuccess(status)) expect(refusals(operation, sent, compile)).toEqual([])
          if (status === 429 || (isSuccess(status) && operation.method !== 'GET')) callers.spent(name, plan.bearer)
        }),
        { numRuns: RUNS + first.length, examples: first.map((plan) => [plan]) },
      )
      const declared = [...operation.responses.keys()].map(Number)
      const wanted = declared.filter((status) => isSuccess(status) || CERTAIN.includes(status))
      expect(wanted.filter((status) => !reached.has(status))).toEqual([])
    },
    TIMEOUT,
  )
})
