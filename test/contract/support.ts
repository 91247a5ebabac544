/**
 * What the contract tests of `wekan` and `authentication` share: one check of a whole answer, lives, and tokens out of mails.
 */
import { expect } from 'vitest'
import type { Answer, World } from '../support/world.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const DAY = 24 * 60 * MINUTE
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
export const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** An answer as a whole: status, exact body, and the headers that every answer has. */
export function expectAnswer(answer: Answer, status: number, body: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body })
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{1,64}$/)
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
  if (status === 429 || status === 503) expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  else expect(answer.headers.get('retry-after')).toBeNull()
}

export const retryAfter = (answer: Answer): number => Number(answer.headers.get('retry-after'))

/** That `date` is `life` from a moment since `before`. */
export function expectLife(date: string, life: number, before: number): void {
  expect(date).toMatch(ISO)
  expect(Date.parse(date)).toBeGreaterThanOrEqual(before + life)
  expect(Date.parse(date)).toBeLessThanOrEqual(Date.now() + life)
}

/** The token in the newest mail to an address. */
export const mailedToken = ({ mails }: World, to: string): string => {
  const token = /#token=([\w-]+)/.exec(mails.findLast((mail) => mail.to === to)?.text ?? '')?.[1]
  if (token === undefined) throw new Error(`no mail with a token went to ${to}`)
  return token
}
