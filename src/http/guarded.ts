/**
 * What the guards in front of every surface hand to whoever answers. `ReadCaller` looks up who calls.
 */
export interface Guarded<ReadCaller> {
  readonly requestId: string
  readonly body: Uint8Array
  readonly tooLarge: boolean
  /** More requests are under way than LIMIT_REQUESTS, or there was no room for the body: nothing costly is begun. */
  readonly overloaded: boolean
  readonly caller: ReadCaller
}
