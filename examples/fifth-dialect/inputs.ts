/** What `kiosk` reads. */
import { email, name, nonEmpty, password, text, z } from 'vestibule/dialect'

export const Login = z.object({ mail: nonEmpty, pass: nonEmpty })
export const CodeLogin = z.object({ ticket: nonEmpty, code: nonEmpty })
export const Page = z.object({ page: z.coerce.number('must be a number').int().min(1).max(1_000_000).default(1) })
export const PersonNumber = z.object({ nr: text })
export const NewPerson = z.object({ mail: email, name, pass: password })
/** The length of the new password has no rule here: the operation has it, and refuses a short one. */
export const NewPassword = z.object({ old: nonEmpty, new: text })
