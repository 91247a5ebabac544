/** The settings of traces: as OpenTelemetry's own programs read them, with one line for what they could not use. */
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { problemsOf } from './problems.ts'

describe('OTEL_EXPORTER_OTLP_HEADERS', () => {
  test('has names and percent-encoded values, separated by commas', () => {
    const given = 'Authorization=Bearer%20a%2Cb%3D, x-tenant = one ,empty-after=%20'
    const headers = { authorization: 'Bearer a,b=', 'x-tenant': 'one', 'empty-after': ' ' }
    expect(readConfig({ OTEL_EXPORTER_OTLP_HEADERS: given }).OTEL_EXPORTER_OTLP_HEADERS).toEqual(headers)
    expect(readConfig({}).OTEL_EXPORTER_OTLP_HEADERS).toEqual({})
  })

  test.each(['hunter2', '=hunter2', 'a b=hunter2', 'a=', 'a=hunter2,', 'a=%hunter2', 'a=hunter2%0d%0ab: c', 'a=hunter2%00'])(
    '%s is refused and never repeated',
    (given) => {
      const problem = 'must be headers such as authorization=Bearer%20secret, separated by commas'
      expect(problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: given })).toEqual([`OTEL_EXPORTER_OTLP_HEADERS: ${problem}`])
    },
  )
})

test('OTEL_EXPORTER_OTLP_ENDPOINT is the URL to which the path of traces is added', () => {
  const url = (given: string) => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: given }).OTEL_EXPORTER_OTLP_ENDPOINT
  expect([url('http://127.0.0.1:4318'), url('https://collector.example.com/otlp/')]).toEqual([
    'http://127.0.0.1:4318',
    'https://collector.example.com/otlp',
  ])
  expect(problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL',
  ])
})

test('OTEL_TRACES_SAMPLER_ARG is a share', () => {
  expect(readConfig({ OTEL_TRACES_SAMPLER_ARG: '0.25' }).OTEL_TRACES_SAMPLER_ARG).toBe(0.25)
  expect(problemsOf({ OTEL_TRACES_SAMPLER_ARG: '2' })).toEqual(['OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1, such as 0.1'])
})
