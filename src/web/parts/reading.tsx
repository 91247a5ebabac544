/** What is said while a page is read for the first time, and where reading failed. */
import { useTexts } from '../locale.tsx'
import type { Read } from '../read.ts'
import { Notice, ProblemNotice } from './notice.tsx'

export const Reading = ({ read: { data, problem, again } }: { readonly read: Omit<Read<unknown>, 'isBusy'> }) => {
  const { wait } = useTexts()
  if (problem !== undefined) return <ProblemNotice problem={problem} onRetry={again} />
  return data === undefined && <Notice kind="info">{wait}</Notice>
}
