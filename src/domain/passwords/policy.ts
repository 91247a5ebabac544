/**
 * The rules for a new password on a surface (NIST SP 800-63B-4, 3.1.1.2): minimum and maximum length in code points, and, if the
 * surface's table says so, not a common password, not made of words of its context, and not known from breaches. There are no
 * composition rules.
 */

import { dictionary } from '@zxcvbn-ts/language-common'
import * as z from 'zod'
import { besides } from '../../db/patience.ts'
import { invalidInput, password } from '../base/input.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { leastLengthFor, rulesFor } from '../frame/rules.ts'
import { contextWords, isMadeOf, type PasswordOwner } from './contextWords.ts'

const common = new Set<string>(dictionary['passwords-common'] as readonly string[])

const isCommon = (text: string): boolean => common.has(text.normalize('NFC').toLowerCase())

/** The input rule for a new password, on the surfaces of the caller and of its session, with what is known of the owner. */
export const newPassword = (domain: Domain, caller: Caller, owner: PasswordOwner = {}): z.ZodType<string> => {
  const lengths = password(leastLengthFor(domain, caller))
  if (!rulesFor(domain, caller).refusesCommonPasswords) return lengths
  const isContext = (value: string) => isMadeOf(contextWords(domain.config.PUBLIC_URL, owner), value, isCommon)
  return lengths.pipe(
    z
      .string()
      .refine((value) => !isCommon(value), { error: 'is one of the most common passwords', abort: true })
      .refine((value) => !isContext(value), 'is little more than names and addresses of its owner or of this service'),
  )
}

/**
 * Refuses a new password that is known from breaches. It may call another server, so run it after all cheap checks.
 * @param field the name of the password in the input
 * @throws {Failure} INVALID_INPUT
 */
export async function refusePwned(domain: Domain, caller: Caller, field: string, value: string): Promise<void> {
  if (rulesFor(domain, caller).refusesCommonPasswords && (await besides(async () => await domain.isPwned(value))))
    throw invalidInput([{ field, message: 'is known from a data breach' }])
}
