/**
 * An OpenTelemetry collector: receives traces by OTLP over HTTP, and reads them by OpenTelemetry's own definitions, which are beside this file
 * (github.com/open-telemetry/opentelemetry-proto, commit ac2c4b5).
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'

const definitions = new protobuf.Root()
const directory = fileURLToPath(new URL('.', import.meta.url))
definitions.resolvePath = (_origin, target) => join(directory, target)
const service = 'opentelemetry.proto.collector.trace.v1'
definitions.loadSync('opentelemetry/proto/collector/trace/v1/trace_service.proto')
const requestType = definitions.lookupType(`${service}.ExportTraceServiceRequest`)
const answerType = definitions.lookupType(`${service}.ExportTraceServiceResponse`)

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly boolValue?: boolean }
}

interface Decoded {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly name: string
        readonly kind: string
        readonly startTimeUnixNano: string
        readonly endTimeUnixNano: string
        readonly attributes?: readonly Attribute[]
        readonly status?: { readonly code?: string; readonly message?: string }
        readonly events?: readonly unknown[]
      }[]
    }[]
  }[]
}

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the root of a trace. */
  readonly parent: string
  readonly name: string
  readonly kind: string
  /** In nanoseconds. */
  readonly begin: bigint
  readonly end: bigint
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: { readonly code?: string; readonly message?: string }
  readonly resource: Readonly<Record<string, unknown>>
}

const valuesOf = (attributes: readonly Attribute[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]))

const hex = (base64 = ''): string => Buffer.from(base64, 'base64').toString('hex')

const spansIn = (body: Uint8Array): CollectedSpan[] => {
  const options = { longs: String, bytes: String, enums: String } as const
  const { resourceSpans } = requestType.toObject(requestType.decode(body), options) as Decoded
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status = {} }) => ({
        traceId: hex(traceId),
        spanId: hex(spanId),
        parent: hex(parentSpanId),
        name,
        kind: kind.replace('SPAN_KIND_', ''),
        begin: BigInt(startTimeUnixNano),
        end: BigInt(endTimeUnixNano),
        attributes: valuesOf(attributes),
        status,
        resource: valuesOf(resource.attributes),
      })),
    ),
  )
}

const bytesOf = async (incoming: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

export interface Collector {
  readonly url: string
  readonly spans: CollectedSpan[]
  /** Method, path and headers of each request. */
  readonly requests: { readonly target: string; readonly headers: IncomingHttpHeaders }[]
  /** What requests are answered with; only with 200 it keeps what they bring. */
  status: number
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const server = createServer(async (incoming, answer) => {
    collector.requests.push({ target: `${incoming.method} ${incoming.url}`, headers: incoming.headers })
    const body = await bytesOf(incoming)
    if (collector.status === 200) collector.spans.push(...spansIn(body))
    answer.writeHead(collector.status, { 'content-type': 'application/x-protobuf' }).end(answerType.encode({}).finish())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    requests: [],
    status: 200,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return collector
}

/** The spans of a trace as lines, each indented below the one around it, in the order in which they began. */
export const treeOf = (spans: readonly CollectedSpan[], traceId: string): string => {
  const own = spans.filter((span) => span.traceId === traceId).sort((a, b) => Number(a.begin - b.begin))
  const ids = new Set(own.map(({ spanId }) => spanId))
  const below = (parent: CollectedSpan, depth: number): string[] => [
    `${'  '.repeat(depth)}${parent.name}`,
    ...own.filter((span) => span.parent === parent.spanId).flatMap((span) => below(span, depth + 1)),
  ]
  return own
    .filter(({ parent }) => !ids.has(parent))
    .flatMap((root) => below(root, 0))
    .join('\n')
}
