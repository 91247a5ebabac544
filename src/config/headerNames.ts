/** Names of header fields (RFC 9110, section 5.1). `*`, which means all headers in CORS, is refused. */
import * as z from 'zod'
import { list, quoted } from './values.ts'

const NAME = /^[!#$%&'+\-.^_`|~\w]{1,64}$/

const headerName = z
  .string()
  .regex(NAME, { error: ({ input }) => `${quoted(String(input))} is not a header name such as x-client-version` })
  .transform((name) => name.toLowerCase())

export const headerNames = list.pipe(z.array(headerName))
