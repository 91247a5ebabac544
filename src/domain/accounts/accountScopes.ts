/**
 * The scopes of an account. Nobody can grant a scope that they do not hold. Each must cover at least one documented scope, so that
 * a typing error does not silently grant nothing.
 */
import * as z from 'zod'
import { holds } from '../access/requirements.ts'
import { Failure } from '../base/errors.ts'
import { parse, text } from '../base/input.ts'
import { covers, scopes as documented } from '../base/scopes.ts'
import type { Viewer } from '../frame/caller.ts'

/** Whether a text covers at least one documented scope. */
export const isKnownScope = (held: string): boolean => documented.some((scope) => covers(held, scope))

/** Without the old prefix `perm:`, and without duplicates. */
export const plainScopes = (given: readonly string[]): string[] => [
  ...new Set(given.map((scope) => (scope === 'perm' ? scope : scope.replace(/^perm:/, '')))),
]

const schema = z.object({ scopes: z.array(text.refine(isKnownScope, 'is not a known scope')).max(50, 'at most 50 scopes') })

/**
 * The scopes to store for `given`: without the old prefix `perm:`, and without duplicates.
 * @throws {Failure} INVALID_INPUT, FORBIDDEN for a scope that the viewer does not hold
 */
export function scopeList(viewer: Viewer, given: readonly string[]): string[] {
  const { scopes } = parse(schema, { scopes: given })
  const lacking = documented.find((scope) => scopes.some((held) => covers(held, scope)) && !holds(viewer, scope))
  if (lacking !== undefined) throw new Failure('FORBIDDEN', { message: `missing permission ${lacking}`, missingScope: lacking })
  return plainScopes(scopes)
}
