/** Which request headers a front end on a listed origin may send: those of W3C's tracing always, others by the setting. */
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { useWorld } from '../support/world.ts'

const ORIGIN = 'https://app.example.com'

describe('a preflight', () => {
  const world = useWorld({ CORS_ORIGINS: ORIGIN, CORS_ALLOWED_HEADERS: 'X-Client-Version, sentry-trace, Baggage' })

  it.each([
    ['/v1/profile', 'authorization, content-type, traceparent, tracestate, baggage, x-client-version, sentry-trace'],
    ['/graphql', 'authorization, content-type, traceparent, tracestate, baggage, x-csrf-protection, x-client-version, sentry-trace'],
  ])('a preflight of %s', async (path, allowed) => {
    const asked = { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'baggage, hunter2' }
    const { status, headers } = await world().request('OPTIONS', path, { headers: asked })
    expect([status, headers.get('access-control-allow-headers')]).toEqual([204, allowed])
    const others = await world().request('OPTIONS', path, { headers: { ...asked, origin: 'https://evil.example' } })
    expect(others.headers.get('access-control-allow-headers')).toBeNull()
  })

  it.each([
    ['*', '*'],
    ['x y', 'x y'],
    ['a:b', 'a:b'],
    ['x,;', ';'],
    ['é', 'é'],
  ])('CORS_ALLOWED_HEADERS=%s is refused', (value, wrong) => {
    expect(() => readConfig({ CORS_ALLOWED_HEADERS: value })).toThrow(
      `CORS_ALLOWED_HEADERS: "${wrong}" is not a header name such as x-client-version`,
    )
  })
})
