/**
 * What the two documents in prose say of a route: less than a Widdershins document, and each in a layout of its own.
 */

export interface ProseParameter {
  readonly name: string
  readonly in: 'path' | 'header' | 'body'
  /** `undefined` where the document does not say. */
  readonly required: boolean | undefined
  /** As the document prints them, if it does. */
  readonly example?: string
  readonly description?: string
}

export interface ProseRoute {
  readonly method: string
  /** With `{name}` for a parameter. */
  readonly path: string
  /** Whether a token is needed. */
  readonly authenticated: boolean
  readonly parameters: readonly ProseParameter[]
  /** Bodies of printed calls. */
  readonly requests: readonly unknown[]
  /** Printed answers; the status is in the body or 200. */
  readonly answers: readonly { readonly status: string; readonly body: unknown }[]
}

/** The JSON values that stand in these lines, each from a line that opens it to the one that closes it. */
export const jsonIn = (lines: readonly string[]): unknown[] => {
  const values: unknown[] = []
  let text = ''
  for (const line of lines.flatMap((one) => (one.startsWith('}{') ? ['}', '{'] : [one]))) {
    if (text === '' && line !== '{' && line !== '[') continue
    text += /^[}\]]\D*$/.test(line) && !line.endsWith(',') ? line.charAt(0) : line
    const value = parsed(text)
    if (value === undefined) continue
    values.push(value)
    text = ''
  }
  if (text !== '') throw new Error(`JSON that does not end: ${text}`)
  return values
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
