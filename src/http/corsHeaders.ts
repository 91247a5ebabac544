/** The names of headers for CORS: what pages of other origins may send, and what they may read. */

/**
 * Request headers that clients and their tools send by themselves. Nothing here is changed by them, except by `authorization` and
 * `content-type`, and by `accept-language` in mails and pages.
 */
export const ALLOWED: readonly string[] = [
  ...['accept', 'accept-language', 'authorization', 'content-type', 'x-request-id'],
  // Which client it is: Apollo Client, GraphQL Hive.
  ...['apollographql-client-name', 'apollographql-client-version', 'apollo-require-preflight', 'x-apollo-operation-name'],
  ...['graphql-client-name', 'graphql-client-version', 'x-graphql-client-name', 'x-graphql-client-version'],
  // Tracing: W3C Trace Context and Baggage, Sentry, Zipkin (B3), Datadog, Jaeger, New Relic, AWS X-Ray, Google Cloud, Elastic, Azure.
  ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
  ...['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'],
  ...[
    'x-datadog-trace-id',
    'x-datadog-parent-id',
    'x-datadog-origin',
    'x-datadog-sampling-priority',
    'x-datadog-sampled',
    'x-datadog-tags',
  ],
  ...['uber-trace-id', 'newrelic', 'x-amzn-trace-id', 'x-cloud-trace-context', 'elastic-apm-traceparent', 'request-id', 'request-context'],
]

/** Response headers that Fetch does not show to pages of other origins by itself. */
export const EXPOSED = 'x-request-id, retry-after, www-authenticate, deprecation, sunset, link, etag, allow'

/** Those of the allowed names that a preflight asks for, in lower case. */
export const allowedOf = (asked: string | null, allowed: ReadonlySet<string>): string[] => {
  const names = (asked ?? '').split(',').map((name) => name.trim().toLowerCase())
  return [...new Set(names)].filter((name) => allowed.has(name))
}
