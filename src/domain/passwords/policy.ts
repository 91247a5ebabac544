/**
 * What may become a password on a surface (NIST SP 800-63B-4, 3.1.1.2): a least and a greatest length in code points,
 * and, where the surface's table says so, none of the most common ones. No composition rule.
 */

import { dictionary } from '@zxcvbn-ts/language-common'
import type { z } from 'zod'
import type { Caller } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { password } from '../input.ts'
import { minimumPasswordLength } from '../surfaces.ts'

const common = new Set<string>(dictionary['passwords-common'] as readonly string[])

/** The input rule for a new password on the caller's surface. */
export const newPassword = (domain: Domain, caller: Caller): z.ZodType<string> => {
  const rules = domain.surfaces[caller.surface]
  const lengths = password(minimumPasswordLength[caller.surface])
  return rules.refusesCommonPasswords
    ? lengths.refine((value) => !common.has(value.toLowerCase()), 'is one of the most common passwords')
    : lengths
}
