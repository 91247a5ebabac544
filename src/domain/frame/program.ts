/** Facts about the program that the domain runs in, for administrators. */
export interface Program {
  readonly version: string
  readonly database: 'postgresql' | 'pglite'
}
