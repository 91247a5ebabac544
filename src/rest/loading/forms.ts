/**
 * Checks each form of a failure with a sample: it must not throw, and its answer must fit its schema. So a mistake is found at start and
 * not by a client.
 */
import { type ErrorCode, errorCodes } from '../../domain/base/errors.ts'
import { type ErrorForms, type Mount, type Reply, type ReplyContext, type Row, withInstead } from '../dialect.ts'
import { sampleOf } from '../openapi/responses.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]
const context: ReplyContext = { requestId: 'a-request', params: { id: 'an-id' }, method: 'POST' }

/** A form with its name, ready to be tried, and what it must look like. */
type Tried = readonly [name: string, answer: () => Reply, schema: ErrorForms['body']]

const triedOf = (errors: ErrorForms, failures: Row['failures'], of: string): Tried[] =>
  codes.flatMap((code): Tried[] => {
    const form = failures?.[code]
    return form === undefined ? [] : [[`${of} ${code}`, () => form(sampleOf(code), context), errors.bodies?.[code] ?? errors.body]]
  })

const outside = [400, 403, 404, 405, 410, 413, 415, 500, 503]

const formsOf = ({ path, errors, rows }: Mount): Tried[] => [
  ...triedOf(errors, errors.failures, `${path}: the form of`),
  ...rows.flatMap(withInstead).flatMap((row) => triedOf(errors, row.failures, `${row.method} ${row.path}: the form of`)),
  [`${path}: the form of invalid input`, () => errors.invalid([{ field: 'email', message: 'is required' }], context), errors.body],
  ...outside.map(
    (status): Tried => [`${path}: the form of ${status}`, () => errors.problem(status, 'what happened', context), errors.body],
  ),
]

const problemOf = ([name, answer, schema]: Tried): string[] => {
  try {
    const { status, body } = answer()
    if (!Number.isInteger(status) || status < 200 || status > 599) return [`${name} has the status ${status}`]
    const [issue] = schema.safeParse(body).error?.issues ?? []
    return issue === undefined ? [] : [`${name} does not fit its schema: ${issue.path.join('.')} ${issue.message}`]
  } catch (error) {
    return [`${name} throws: ${error instanceof Error ? error.message : String(error)}`]
  }
}

export const formProblems = (mounts: readonly Mount[]): string[] => mounts.flatMap(formsOf).flatMap(problemOf)
