/**
 * What the guards in front of every surface hand to whoever answers. `ReadCaller` looks up who calls.
 */
export interface Guarded<ReadCaller> {
  readonly requestId: string
  readonly body: Uint8Array
  readonly tooLarge: boolean
  readonly caller: ReadCaller
}
