/**
 * A fifth dialect, loaded at start from the file that DIALECTS names: the example of docs/dialects.md, beside the four and alone.
 * It is one more surface on the same user base, by the same limits, and by the rules of `custom`, whatever it says of itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { admin, grant, PASSWORD, person, unique, withTwoFactor } from './support/accounts.ts'
import { auditEvents } from './support/auditEvents.ts'
