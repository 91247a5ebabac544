/**
 * The devices that an account signs in from, roughly: the kind of program, without its versions, and the network (an IPv4
 * /16, an IPv6 /32). A sign-in from one that was not seen before is told to the owner; the first one of an account is no news.
 *
 * With each device go the exact addresses that it signed in from, its clients, which decide whose passwords are looked at when strangers
 * have tried too many (`passwords/tries.ts`): a stranger has a program like the owner's in the same network easily, and not his address.
 *
 * Kept as hashes, for 180 days after the last sign-in (`jobs/deleteExpired.ts`), and at most MOST of either of an account, those that were used last.
 * Cost: two statements for a known device at a known address, two more for another address, five more for another device.
 */
import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import type { Account } from '../accounts/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { addressGroup, keyOf } from '../limits/limits.ts'
import { notice } from '../mails/notices.ts'
import { programOf } from '../mails/program.ts'

/** Devices of one account, and their clients: more than anybody has, and an end for who makes them up. */
const MOST = 100

const networkOf = (clientAddress: string): string => {
  if (!ipaddr.isValid(clientAddress)) return clientAddress
  const address = ipaddr.process(clientAddress)
  const parts = address.kind() === 'ipv4' ? (address as ipaddr.IPv4).octets : (address as ipaddr.IPv6).parts
  return `${address.kind()} ${parts.slice(0, 2).join('.')}`
}

/** A browser that was updated is the same device. */
const withoutVersions = (userAgent: string): string => userAgent.replace(/\d+/g, '')

const fingerprintOf = ({ clientAddress, userAgent }: Pick<Caller, 'clientAddress' | 'userAgent'>): string =>
  createHash('sha256')
    .update(JSON.stringify([withoutVersions(userAgent ?? ''), networkOf(clientAddress)]))
    .digest('base64url')

/** What a caller's device is known by, and its exact address. */
export const clientOf = (
  caller: Pick<Caller, 'clientAddress' | 'userAgent'>,
): { readonly fingerprint: string; readonly client: string } => ({
  fingerprint: fingerprintOf(caller),
  client: keyOf(addressGroup(caller.clientAddress)),
})

/** Leaves an account MOST devices. */
const forget = async (tx: Tx, userId: string): Promise<void> => {
  await tx.$executeRaw`
    DELETE FROM known_devices WHERE user_id = ${userId} AND fingerprint IN (
      SELECT fingerprint FROM known_devices WHERE user_id = ${userId} ORDER BY last_seen_at DESC, first_seen_at DESC OFFSET ${MOST})`
}

/** Whether the caller's device is another one than those that the account is known to have. Hold the account's row. */
const isNews = async (domain: Domain, tx: Tx, caller: Caller, userId: string): Promise<boolean> => {
  const fingerprint = fingerprintOf(caller)
  const now = domain.clock.now()
  const { count } = await tx.knownDevice.updateMany({ where: { userId, fingerprint }, data: { lastSeenAt: now } })
  if (count === 1) return false
  const other = await tx.knownDevice.findFirst({ where: { userId }, select: { fingerprint: true } })
  await tx.knownDevice.create({ data: { userId, fingerprint, firstSeenAt: now, lastSeenAt: now } })
  await forget(tx, userId)
  return other !== null
}

/** Remembers the exact address of a known device. Hold the account's row. */
const noteClient = async (domain: Domain, tx: Tx, caller: Caller, userId: string): Promise<void> => {
  const client = { userId, ...clientOf(caller) }
  const now = domain.clock.now()
  const { count } = await tx.knownClient.updateMany({ where: client, data: { lastSeenAt: now } })
  if (count === 1) return
  await tx.knownClient.create({ data: { ...client, firstSeenAt: now, lastSeenAt: now } })
  await tx.$executeRaw`
    DELETE FROM known_clients WHERE user_id = ${userId} AND (fingerprint, client) IN (
      SELECT fingerprint, client FROM known_clients WHERE user_id = ${userId} ORDER BY last_seen_at DESC, first_seen_at DESC OFFSET ${MOST})`
}

/** Remembers the device of a sign-in, in its transaction, and tells the owner of a new one. Returns whether it is one. */
export async function noteDevice(domain: Domain, tx: Tx, caller: Caller, account: Account): Promise<boolean> {
  const isNew = await isNews(domain, tx, caller, account.id)
  await noteClient(domain, tx, caller, account.id)
  if (!isNew) return false
  const { clientAddress, surface } = caller
  const facts = { at: domain.clock.now(), clientAddress, userAgent: programOf(caller.userAgent), surface }
  if (domain.config.NEW_DEVICE_NOTICE) await notice(domain, tx, account, 'newDevice', facts)
  return true
}
