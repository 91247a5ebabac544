/**
 * What a person reads after `npm start`: where things are and how to get in. Takes plain facts and gives back text; no
 * fact may be a secret.
 */
export interface BannerFacts {
  /** Where this process can be reached from this machine. */
  readonly localUrl: string
  readonly publicUrl: string
  readonly graphiql: boolean
  readonly apiDocs: boolean
  readonly dialects: readonly { readonly name: string; readonly mounts: readonly string[] }[]
  readonly database: string
  readonly administrator: string
  readonly mail: string
}

const WIDTH = 16
const row = (label: string, value: string): string => `  ${label.padEnd(WIDTH)}${value}`

export function banner(facts: BannerFacts): string {
  const graphiql = facts.graphiql
    ? `${facts.localUrl}/graphql (open it in a browser for GraphiQL)`
    : `${facts.localUrl}/graphql (GraphiQL is off)`
  return [
    '',
    `Vestibule is ready at ${facts.localUrl}`,
    ...(facts.publicUrl === facts.localUrl ? [] : [row('public URL', facts.publicUrl)]),
    row('GraphQL', graphiql),
    ...(facts.apiDocs ? [row('REST documents', `${facts.localUrl}/docs`)] : []),
    ...facts.dialects.map(({ name, mounts }) => row(name, mounts.join(', '))),
    row('database', facts.database),
    row('administrator', facts.administrator),
    row('mail', facts.mail),
    '',
    '',
  ].join('\n')
}
