import type { ErrorCode, RefusalFragment } from '../operations.ts'

/** What people read instead of the message of the server, which is written for developers. */
const texts: { readonly [Code in ErrorCode]?: string } = {
  BAD_CREDENTIALS: 'The account is unknown, or the password is wrong.',
  INVALID_INPUT: 'Correct the marked fields.',
  INVALID_LOGIN_CODE: 'It took too long. Sign in again.',
  INVALID_TWO_FACTOR_CODE: 'The code is wrong, or was used before.',
  REAUTHENTICATION_REQUIRED: 'Enter your password to go on.',
  TOO_MANY_REQUESTS: 'There were too many attempts. Try again later.',
  WRONG_CODE: 'The code is wrong.',
  WRONG_PASSWORD: 'The password is wrong.',
}

/** The failure that a mutation returned, if it failed. */
export const refusalOf = <Result extends object>(result: Result | null | undefined): Extract<Result, RefusalFragment> | undefined =>
  result != null && isRefusal(result) ? result : undefined

const isRefusal = <Result extends object>(result: Result): result is Extract<Result, RefusalFragment> => 'code' in result

interface FailureProps {
  /** A failure that was returned, or an error that was thrown, which has no code. */
  readonly of: { readonly message: string; readonly code?: ErrorCode } | undefined
}

export function Failure({ of }: FailureProps) {
  if (of === undefined) return null
  return <p role="alert">{(of.code && texts[of.code]) ?? of.message}</p>
}
