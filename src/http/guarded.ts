/**
 * What the guards in front of every surface hand to whoever answers.
 */
import type { Facts } from './facts.ts'

export interface Guarded {
  readonly facts: Facts
  readonly body: Uint8Array
  readonly tooLarge: boolean
  /** More requests are under way than LIMIT_REQUESTS, or there was no room for the body: nothing costly is begun. */
  readonly overloaded: boolean
}
