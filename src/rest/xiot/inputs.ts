/**
 * What `xiot` reads. Names and phone numbers have rules that hold here only, because its document says so.
 */
import * as z from 'zod'
import { email, nonEmpty, password as passwordOf, phone, text } from '../../domain/base/input.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import { confirmed } from '../passwordConfirmation.ts'

const password = passwordOf(minimumPasswordLength.xiot)

const LETTERS = /^[A-Za-z\u0621-\u063A\u0641-\u0652\u0670]+$/
const EGYPTIAN_MOBILE = /^((\+?20)|0)?1[0125]\d{8}$/

/** 3 to 50 letters, English or Arabic only, on the trimmed value. */
const letters = text
  .transform((value) => value.trim())
  .pipe(
    z
      .string()
      .min(3, 'must have at least 3 characters')
      .max(50, 'must have at most 50 characters')
      .regex(LETTERS, 'must have English or Arabic letters only'),
  )
  .meta({ minLength: 3, maxLength: 50, description: 'English or Arabic letters only' })

/** An Egyptian mobile number; `null` and `""` clear it. */
const egyptianPhone = phone
  .refine((value) => value === null || EGYPTIAN_MOBILE.test(value.asSent), 'must be a valid Egyptian mobile number')
  .transform((value) => value?.asSent ?? null)
  .meta({ description: 'An Egyptian mobile number; null or empty: none' })

/** A code of an authenticator app or a recovery code; a JSON number has lost its leading zeros. */
const code = z.union(
  [
    text.refine((value) => value !== '', 'is required'),
    z
      .int()
      .min(0)
      .max(999_999)
      .transform((value) => String(value).padStart(6, '0')),
  ],
  {
    error: (issue) => (issue.input === undefined || issue.input === null ? 'is required' : 'must be a code of 6 digits or a recovery code'),
  },
)

export const SignUp = confirmed(
  z.object({ email, firstName: letters, lastName: letters, password, passwordConfirmation: text, phone: egyptianPhone.optional() }),
  'password',
  'passwordConfirmation',
)
export const VerifyTotp = z.object({ loginCode: nonEmpty, code })
export const UpdateProfile = z.object({ phone: egyptianPhone.optional(), firstName: letters.optional(), lastName: letters.optional() })
export const ChangePassword = confirmed(
  z.object({ oldPassword: nonEmpty, password, passwordConfirmation: text }),
  'password',
  'passwordConfirmation',
)
export const ForgetPassword = z.object({ email: nonEmpty })
export const ResetPassword = z.object({ token: nonEmpty, password })
export const DisableTwoFactor = z.object({ code: code.nullish(), password: nonEmpty.nullish() })
export const ChangeEmail = z.object({ email })
