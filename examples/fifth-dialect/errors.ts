/** How Kiosk says what went wrong: `{"ok": false, "why": "bad_credentials", "text": "…", "fields"?, "code_ticket"?}`. */
import { errorForms, z } from 'vestibule/dialect'

const Refusal = z
  .object({
    ok: z.literal(false),
    why: z.string().meta({ description: 'Stable, for programs', example: 'bad_credentials' }),
    text: z.string().meta({ description: 'For people' }),
    fields: z.record(z.string(), z.string()).optional().meta({ description: 'What is wrong with each field' }),
    code_ticket: z.string().optional().meta({ description: 'What `POST /kiosk/login/code` asks for' }),
  })
  .meta({ id: 'Refusal' })

/** A problem outside an operation has no code: its status is its name. */
const outside: Readonly<Record<number, string>> = { 404: 'no_such_place', 405: 'no_such_method', 500: 'broken' }

export const kioskErrors = errorForms({
  body: Refusal,
  print: ({ status, code, message, fieldErrors, loginCode }) => ({
    ok: false,
    why: code?.toLowerCase() ?? outside[status] ?? 'unreadable',
    text: message,
    ...(fieldErrors.length > 0 ? { fields: Object.fromEntries(fieldErrors.map((error) => [error.field, error.message])) } : {}),
    ...(loginCode === undefined ? {} : { code_ticket: loginCode }),
  }),
  // Kiosk has always said 409 here.
  statuses: { EMAIL_TAKEN: 409 },
  messages: { BAD_CREDENTIALS: 'Wrong e-mail address or password' },
})
