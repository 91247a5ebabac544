/**
 * What a person at a terminal reads after `npm start`: where things are, and how to sign in first. Turns plain facts, none of them secret,
 * into text. The log line `ready` has the same facts for programs.
 */
export interface BannerFacts {
  /** Where this process can be reached from this machine. */
  readonly localUrl: string
  readonly publicUrl: string
  readonly graphiql: boolean
  /** The addresses of the pages for people that are on. */
  readonly pages: readonly string[]
  readonly apiDocs: boolean
  readonly dialects: readonly { readonly name: string; readonly mounts: readonly string[] }[]
  readonly database: string
  readonly administrator: string
  readonly mail: string
  /** How passwords are hashed, and by which library. */
  readonly hashing: string
  /** How many processes serve. */
  readonly workers: number
}

const WIDTH = 16
const row = (label: string, value: string): string => `  ${label.padEnd(WIDTH)}${value}`

/** Where somebody who has just started it looks first. */
const beginning = ({ localUrl, pages, graphiql, apiDocs }: BannerFacts): string => {
  if (pages.includes('/')) return `open ${localUrl} in a browser`
  if (graphiql) return `open ${localUrl}/graphql in a browser, and run its tabs from left to right`
  return apiDocs ? `open ${localUrl}/docs in a browser` : `POST ${localUrl}/graphql (docs/graphql-clients.md)`
}

export function banner(facts: BannerFacts): string {
  const graphql = facts.graphiql
    ? `${facts.localUrl}/graphql (open it in a browser for GraphiQL)`
    : `${facts.localUrl}/graphql (GraphiQL is off)`
  return [
    '',
    `Vestibule is ready at ${facts.localUrl}`,
    ...(facts.publicUrl === facts.localUrl ? [] : [row('public URL', facts.publicUrl)]),
    row('begin here', beginning(facts)),
    ...(facts.pages.length > 0 ? [row('pages', facts.pages.join(', '))] : []),
    row('GraphQL', graphql),
    ...(facts.apiDocs ? [row('REST documents', `${facts.localUrl}/docs`)] : []),
    ...facts.dialects.map(({ name, mounts }) => row(name, mounts.join(', '))),
    row('database', facts.database),
    row('administrator', facts.administrator),
    row('mail', facts.mail),
    row('passwords', facts.hashing),
    ...(facts.workers > 1 ? [row('workers', `${facts.workers} processes`)] : []),
    row('probes', '/healthz (process runs), /readyz (ready to serve)'),
    '',
    '',
  ].join('\n')
}
