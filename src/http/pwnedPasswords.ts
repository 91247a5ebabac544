/**
 * Asks a range service like that of Have I Been Pwned whether a password is known from data breaches, by k-anonymity: only five hex digits
 * of its SHA-1 leave the machine, and the answer is padded, so its length shows nothing.
 *
 * Fails open: an answer that is not valid within 2 s and 256 KiB, or a redirect, counts as unknown and is logged without anything of the
 * password. SHA-1 is the service's index, not a protection.
 */
import { createHash } from 'node:crypto'
import type { IsPwned, Log } from '../domain/base/ports.ts'
import { inSpan } from '../tracing/spans.ts'

const PATIENCE_MS = 2_000
const MOST_BYTES = 256 * 1024
const PREFIX_LENGTH = 5
const SPAN = { name: 'look up breached password', kind: 'client' } as const
const LINE = /^([0-9A-F]{35}):(\d+)$/i

/** An answer that cannot be used; the message is for the log. */
class UselessAnswer extends Error {}

const readText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > MOST_BYTES) throw new UselessAnswer('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

const askRange = async (url: string, prefix: string): Promise<string> => {
  const response = await fetch(`${url}/${prefix}`, {
    headers: { 'add-padding': 'true', 'user-agent': 'vestibule' },
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (response.status === 200) return await readText(response)
  await response.body?.cancel()
  throw new UselessAnswer(`the answer has the status ${response.status}`)
}

/** Whether a range names a suffix; padding has the count 0. */
const names = (range: string, suffix: string): boolean => {
  const entries = range
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => LINE.exec(line))
  if (entries.includes(null)) throw new UselessAnswer('the answer is not a range')
  return entries.some((entry) => entry?.[1]?.toUpperCase() === suffix && Number(entry[2]) > 0)
}

const reasonOf = (error: unknown): string => {
  const { name, message, cause } = error as Error & { readonly cause?: { readonly code?: string } }
  return error instanceof UselessAnswer ? message : (cause?.code ?? name)
}

/** @param url of the service, without its last slash; if undefined, no service is asked and no password is known */
export const createPwnedPasswords = ({ url, log }: { url: string | undefined; log: Log }): IsPwned => {
  if (url === undefined) return async () => false
  return async (password) => {
    const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase()
    try {
      const range = await inSpan(SPAN, async () => await askRange(url, hash.slice(0, PREFIX_LENGTH)))
      return names(range, hash.slice(PREFIX_LENGTH))
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'the service of PWNED_PASSWORDS_URL gave no answer: a new password was taken unchecked')
      return false
    }
  }
}
