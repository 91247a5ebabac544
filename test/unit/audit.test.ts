/**
 * The audit log's list of types is in order, and docs/audit.md says the same.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { auditDetailKeys, auditEventTypes } from '../../src/domain/auditLog/events.ts'
import { errorCodes } from '../../src/domain/base/errors.ts'
import { failureEvents } from '../../src/domain/guards/failures.ts'
import { schema } from '../../src/graphql/schema.ts'
import { eventOfFailure, outcomes } from '../support/expectedEvents.ts'

const path = join(fileURLToPath(new URL('../..', import.meta.url)), 'docs/audit.md')
const page = readFileSync(path, 'utf8')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
const quoted = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ')
const orDash = (text: string): string => (text === '' ? '-' : text)

const types = Object.entries(auditEventTypes)
const tables: Readonly<Record<string, string>> = {
  types: table(
    ['event', 'when', 'outcome', 'details'],
    types.map(([type, { description, outcome, details }]) => [quoted([type]), description, outcome, orDash(quoted(details))]),
  ),
  details: table(
    ['detail', 'meaning'],
    Object.entries(auditDetailKeys).map(([key, description]) => [quoted([key]), description]),
  ),
  failures: table(
    ['code', 'event'],
    Object.entries(failureEvents).map(([code, type]) => [quoted([code]), type === null ? '-' : quoted([type])]),
  ),
}

describe('docs/audit.md', () => {
  it('docs/audit.md has every type, every detail and what each failure is (`-u` writes the tables anew)', async () => {
    const current = page.replace(/(<!-- (\w+) -->\n).*?(<!-- \/\2 -->)/gs, (_, begin, name, end) => `${begin}${tables[name]}\n${end}`)
    for (const text of Object.values(tables)) expect(current).toContain(text)
    await expect(current).toMatchFileSnapshot(path)
  })

  it('docs/audit.md has an example that fits the schema', () => {
    const [, example = ''] = /```graphql\n(.*?)```/s.exec(page) ?? []
    expect(example).toContain('auditEvents')
    expect(validate(schema, parse(example))).toEqual([])
  })
})

describe('the list of types', () => {
  it('the list of types names a noun and what happened to it', () => {
    expect(types.filter(([type]) => !/^[a-z]+(_[a-z]+)?\.[a-z]+(_[a-z]+)*$/.test(type))).toEqual([])
  })

  it('the list of types uses each detail, and no other', () => {
    expect([...new Set(types.flatMap(([, { details }]) => details))].sort()).toEqual(Object.keys(auditDetailKeys).sort())
  })

  it('the list of types has no detail that would give away a secret', () => {
    expect(Object.keys(auditDetailKeys).filter((key) => /password|token|secret|hash|address|email/i.test(key))).toEqual([])
  })

  it('the list of types is that of the schema, each with a name of its own', () => {
    const names = (name: string) => (schema.getType(name) as unknown as { getValues(): { name: string; value: string }[] }).getValues()
    expect(
      names('AuditEventType')
        .map(({ value }) => value)
        .sort(),
    ).toEqual(types.map(([type]) => type).sort())
    expect(
      names('AuditDetailKey')
        .map(({ value }) => value)
        .sort(),
    ).toEqual(Object.keys(auditDetailKeys).sort())
    expect(names('AuditEventType').find(({ value }) => value === 'two_factor.code_failed')?.name).toBe('TWO_FACTOR_CODE_FAILED')
    expect(names('AuditDetailKey').find(({ value }) => value === 'sessionId')?.name).toBe('SESSION_ID')
  })

  it('the list of types and the events of failures are those that the tests expect', () => {
    expect(Object.fromEntries(types.map(([type, { outcome }]) => [type, outcome]))).toEqual(outcomes)
    expect(failureEvents).toEqual(eventOfFailure)
  })

  it('the list of types says of each failure code whether it is an event', () => {
    expect(Object.keys(failureEvents)).toEqual(Object.keys(errorCodes))
  })
})
