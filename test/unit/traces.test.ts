/** Spans without a server: how many a trace may have, and who gets them where an SDK of OpenTelemetry is loaded before the server. */
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Log } from '../../src/domain/base/ports.ts'
import { openTraces } from '../../src/server/traces/openTraces.ts'
import type { Traces } from '../../src/server/traces/traces.ts'
import { beginSpan, beginTrace, inSpan, isTraced } from '../../src/tracing/spans.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const exporter = new InMemorySpanExporter()

/** The traces of a server where an SDK of somebody else is loaded. */
const onSdk = async (): Promise<Traces> => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  const traces = await openTraces(readConfig({}), silent)
  if (traces === undefined) throw new Error('the SDK was not found')
  return traces
}

afterEach(() => {
  trace.disable()
  exporter.reset()
})

describe('an SDK that was loaded before the server', () => {
  it('gets the spans, each below the one around it, through every await', async () => {
    const { tracer } = await onSdk()
    const begun = beginTrace(tracer, { name: 'root', kind: 'server' }, null)
    await begun.run(async () => {
      await Promise.all([
        inSpan('left', async () => {
          await new Promise((resolve) => setImmediate(resolve))
          beginSpan(() => ({ name: 'in left' }))?.end()
        }),
        inSpan('right', async () => await inSpan('in right', async () => undefined)),
      ])
    })
    begun.end()
    const spans = exporter.getFinishedSpans()
    const nameOf = (id: string | undefined) => spans.find((span) => span.spanContext().spanId === id)?.name
    expect(Object.fromEntries(spans.map((span) => [span.name, nameOf(span.parentSpanContext?.spanId)]))).toEqual({
      left: 'root',
      right: 'root',
      'in left': 'left',
      'in right': 'right',
      root: undefined,
    })
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  })

  it('without it and without a collector there are no traces, and work runs without spans', async () => {
    expect(await openTraces(readConfig({}), silent)).toBeUndefined()
    expect(isTraced()).toBe(false)
    expect(await inSpan('nothing', async () => isTraced())).toBe(false)
    expect(beginSpan(() => ({ name: 'nothing' }))).toBeUndefined()
  })
})

describe('a trace', () => {
  it('has at most 200 spans beside its root, which counts those that were left out; work inside runs all the same', async () => {
    const { tracer } = await onSdk()
    const begun = beginTrace(tracer, { name: 'root' }, null)
    let ran = 0
    await begun.run(async () => {
      for (let index = 0; index < 203; index += 1)
        await inSpan('work', async () => {
          ran += 1
        })
      beginSpan(() => ({ name: 'work' }))?.end()
    })
    begun.end()
    const spans = exporter.getFinishedSpans()
    expect(ran).toBe(203)
    expect(spans.filter(({ name }) => name === 'work')).toHaveLength(200)
    expect(spans.at(-1)).toMatchObject({ name: 'root', attributes: { 'vestibule.spans.omitted': 4 } })
  })

  it('has no spans of what goes on after its end', async () => {
    const { tracer } = await onSdk()
    const begun = beginTrace(tracer, { name: 'root' }, null)
    const after = begun.run(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return await inSpan('late', async () => beginSpan(() => ({ name: 'late' })))
    })
    begun.end()
    expect(await after).toBeUndefined()
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['root'])
  })

  it('says of an error its class or code, never its message', async () => {
    const { tracer } = await onSdk()
    const begun = beginTrace(tracer, { name: 'root' }, null)
    const errors = [
      new TypeError('secret'),
      Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }),
      Object.assign(new Error('secret'), { code: '40P01' }),
    ]
    await begun.run(async () => {
      for (const error of errors)
        await inSpan('work', async () => {
          throw error
        }).catch(() => undefined)
    })
    begun.root.fail(Object.assign(new Error('secret'), { name: 'a secret name' }))
    begun.end()
    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ attributes }) => attributes)).toEqual([
      { 'error.type': 'TypeError' },
      { 'error.type': 'ECONNREFUSED' },
      { 'error.type': '40P01', 'db.response.status_code': '40P01' },
      { 'error.type': 'Error' },
    ])
    expect(spans.map(({ status, events }) => [status, events])).toEqual(spans.map(() => [{ code: 2 }, []]))
  })
})
