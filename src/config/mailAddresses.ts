/**
 * E-mail addresses in settings: the sender of every mail, as `{ name, address }`, and the address of the first administrator. The parser
 * is the one that writes mails. A text is refused unless it is exactly one address, with or without a name (RFC 5322, section 3.6.2).
 */
import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import * as z from 'zod'
import { isHostName } from './addresses.ts'
import { quoted } from './values.ts'

export interface Sender {
  /** '' if there is none. */
  readonly name: string
  readonly address: string
}

const ONE_ADDRESS = /^[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>()\\,;"@]+$/u
/** Whether a text is exactly one address. */
export const canBeWrittenTo = (address: string): boolean => ONE_ADDRESS.test(address)

/** The part before the @ (RFC 5321, section 4.1.2). */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const NAME_LENGTH = 100

const halves = (address: string): readonly [string, string] => {
  const at = address.lastIndexOf('@')
  return [address.slice(0, at), address.slice(at + 1)]
}

/** The domain of an address in ASCII; undefined if the domain is not valid. */
const asciiDomain = (domain: string): string | undefined => {
  const isPlain = !/[/?#%:[\]@\\_]/.test(domain)
  const ascii = isPlain ? domainToASCII(domain) : ''
  return ascii !== '' && isHostName(ascii) ? ascii : undefined
}

/** A name without the quotes of RFC 5322. */
const unquoted = (text: string): string =>
  (/^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text).replace(/\s+/g, ' ').trim()

/** The address, if the whole text is one. */
const oneMailbox = (text: string): Sender | undefined => {
  const [found, ...others] = addressparser(text)
  if (found === undefined || others.length > 0 || 'group' in found) return undefined
  const { name, address } = found
  if (text === address || (text === name && address === '')) return { name: '', address: text }
  if (address === '' || !text.endsWith(`<${address}>`)) return undefined
  const rest = unquoted(text.slice(0, -address.length - 2).trim())
  return rest === name.replace(/\s+/g, ' ').trim() ? { name: rest, address } : undefined
}

const nameProblem = (name: string): string | undefined => {
  if (name.includes('@')) return 'has an address in its name, which readers would take as the sender'
  if (name.includes('=?')) return 'has an encoded word in its name: write the name itself'
  return [...name].length > NAME_LENGTH ? `has a name of more than ${NAME_LENGTH} characters` : undefined
}

const addressProblem = (address: string): string | undefined => {
  const [local, domain] = halves(address)
  const isAddress = canBeWrittenTo(address) && asciiDomain(domain) !== undefined
  if (isAddress && /[^\p{ASCII}]/u.test(local)) return 'has letters outside ASCII before the @, which many mail servers refuse'
  return isAddress && LOCAL_PART.test(local) ? undefined : `is not an address that mail can be sent to: ${quoted(address)}`
}

/** The sender of every mail, its domain in ASCII. */
export const sender = z.string().transform((text, context): Sender => {
  const found = oneMailbox(text)
  const problem =
    found === undefined
      ? 'must be one address, with or without a name: Acme <no-reply@example.com>'
      : (addressProblem(found.address) ?? nameProblem(found.name))
  if (found !== undefined && problem === undefined) {
    const [local, domain] = halves(found.address)
    return { name: found.name, address: `${local}@${asciiDomain(domain)}` }
  }
  context.addIssue({ code: 'custom', message: problem as string })
  return z.NEVER
})

const NO_ADDRESS = 'must be a valid e-mail address'

const loneProblem = (text: string): string | undefined => {
  const found = oneMailbox(text)
  if (found === undefined) return 'must be one address'
  if (found.address !== text) return `must be the address alone: ${found.address}?`
  const [local, domain] = halves(text)
  const ascii = asciiDomain(domain)
  if (ascii !== undefined && LOCAL_PART.test(local) && /[^\p{ASCII}]/u.test(domain))
    return `has letters outside ASCII in its domain: ${local}@${ascii}?`
  const isOne = text.length <= 254 && addressProblem(text) === undefined && z.regexes.html5Email.test(text)
  return isOne ? undefined : NO_ADDRESS
}

/** An address without a name, as it was typed. */
export const loneAddress = z.string().superRefine((text, context) => {
  const problem = loneProblem(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})
