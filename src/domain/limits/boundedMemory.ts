/**
 * Counters in memory, no more than so many: beyond, the one that was counted least recently is forgotten, so that who makes keys
 * without end fills nothing.
 */
import { type IRateLimiterOptions, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

export class BoundedMemory extends RateLimiterMemory {
  readonly #most: number
  /** The keys in the order of their last count; one that has ended may be among them. */
  readonly #counted = new Set<string>()

  /** @param most how many keys are remembered */
  constructor(options: IRateLimiterOptions, most: number) {
    super(options)
    this.#most = most
  }

  get size(): number {
    return this.#counted.size
  }

  async #note(key: string | number): Promise<void> {
    this.#counted.delete(String(key))
    this.#counted.add(String(key))
    const [oldest] = this.#counted
    if (this.#counted.size > this.#most && oldest !== undefined) await this.delete(oldest)
  }

  override async consume(key: string | number, ...more: [number?, object?]): Promise<RateLimiterRes> {
    await this.#note(key)
    return await super.consume(key, ...more)
  }

  override async penalty(key: string | number, ...more: [number?, object?]): Promise<RateLimiterRes> {
    await this.#note(key)
    return await super.penalty(key, ...more)
  }

  override async set(key: string | number, points: number, seconds: number): Promise<RateLimiterRes> {
    await this.#note(key)
    return await super.set(key, points, seconds)
  }

  override async delete(key: string | number): Promise<boolean> {
    this.#counted.delete(String(key))
    return await super.delete(key)
  }
}
