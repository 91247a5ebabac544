/** One line for people about how something ended, which screen readers announce. */
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../locale.tsx'
import type { Problem } from '../problem.ts'
import type { Texts } from '../texts/en.ts'

interface NoticeProps {
  readonly kind: 'good' | 'bad' | 'info'
  readonly children: ReactNode
  /** Moves the focus to it, where what had the focus is gone. */
  readonly takesFocus?: boolean
}

export const Notice = ({ kind, children, takesFocus = false }: NoticeProps) => {
  const element = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (takesFocus) element.current?.focus()
  }, [takesFocus])
  return (
    <p ref={element} className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'} tabIndex={-1}>
      {children}
    </p>
  )
}

/** What the code of a problem says; of a code that these pages do not know, the server's words. */
export const textOfProblem = (texts: Texts, { code, message }: Pick<Problem, 'code' | 'message'>): string =>
  texts.failures[code] ?? (message === '' ? texts.failures.FAILED : texts.unknownFailure(message))

const fullTextOf = (texts: Texts, problem: Problem): string => {
  const { code, fieldErrors, retryAfter } = problem
  const [first] = code === 'INVALID_INPUT' ? fieldErrors : []
  const reason = first === undefined ? '' : ` ${first.field}: ${texts.fieldReason(first.message)}`
  const wait = retryAfter === undefined ? '' : ` ${texts.tryAgainIn(retryAfter)}`
  return textOfProblem(texts, problem) + reason + wait
}

/** `onRetry`: offers to try again. */
export const ProblemNotice = ({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => void }) => {
  const texts = useTexts()
  return (
    <Notice kind="bad">
      {fullTextOf(texts, problem)}
      {onRetry !== undefined && (
        <>
          {' '}
          <button type="button" className="button" onClick={onRetry}>
            {texts.tryAgain}
          </button>
        </>
      )}
    </Notice>
  )
}
