/** Header fields of requests and answers (RFC 9110, 5), by their names in lower case. `Headers` of Fetch checks and sorts more than we need. */

/** The fields of a request. One that was sent more than once has all its values, as a list. */
export interface RequestHeaders extends Iterable<readonly [name: string, value: string]> {
  get(name: string): string | null
  has(name: string): boolean
}

const SET_COOKIE = 'set-cookie'

/** The fields of an answer. */
export class HeaderFields implements Iterable<readonly [name: string, value: string]> {
  private readonly fields = new Map<string, string>()
  /** The only field that cannot be a list (RFC 9110, 5.3). */
  private cookies: readonly string[] = []

  constructor(fields: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of fields) this.append(name, value)
  }

  get(name: string): string | null {
    return this.fields.get(name) ?? null
  }

  has(name: string): boolean {
    return this.fields.has(name)
  }

  set(name: string, value: string): void {
    this.fields.set(name, value)
  }

  append(name: string, value: string): void {
    const present = this.fields.get(name)
    if (name === SET_COOKIE) this.cookies = [...this.cookies, value]
    else this.fields.set(name, present === undefined ? value : `${present}, ${value}`)
  }

  delete(name: string): void {
    this.fields.delete(name)
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    yield* this.fields
    for (const cookie of this.cookies) yield [SET_COOKIE, cookie]
  }

  /** Names and values in turns, as `node:http` takes them. */
  toList(): string[] {
    const list: string[] = []
    for (const [name, value] of this.fields) list.push(name, value)
    for (const cookie of this.cookies) list.push(SET_COOKIE, cookie)
    return list
  }
}
