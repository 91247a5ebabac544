/** What the domain is told of the program that it runs in, as facts for administrators. */
export interface Program {
  readonly version: string
  readonly database: 'postgresql' | 'pglite'
}
