/**
 * A limited number of counters in memory. If there are more, the least recently counted one is dropped, so that inventing keys does
 * not fill the memory.
 */
import { type IRateLimiterOptions, RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

export class BoundedMemory extends RateLimiterMemory {
  readonly #most: number
  /** The keys, least recently counted first; some may have expired. */
  readonly #counted = new Set<string>()

  /** @param most the maximum number of keys */
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
