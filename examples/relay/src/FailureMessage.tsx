import type { Failure } from './useOperation.ts'

export const FailureMessage = ({ failure }: { readonly failure: Failure | null }) => {
  if (failure === null) return null
  const needsPassword = failure.code === 'REAUTHENTICATION_REQUIRED'
  return <p role="alert">{needsPassword ? 'Confirm your password first, under “Your account”.' : failure.message}</p>
}
