/** Something that is done to an account, or to the server, after a question. What went wrong stands below the button. */
import type { DocumentNode } from 'graphql'
import type { ReactNode } from 'react'
import type { AnyVariables, TypedDocumentNode } from 'urql'
import { Confirm } from '../parts/confirm.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { useChange } from '../proof.tsx'
import type { ResultOf } from '../request.ts'

interface DeedProps<Data extends object, Variables extends AnyVariables> {
  readonly document: DocumentNode & TypedDocumentNode<Data, Variables>
  readonly variables: Variables
  readonly label: string
  readonly fullLabel?: string
  readonly question: ReactNode
  readonly isDangerous?: boolean
  readonly onDone: (result: ResultOf<Data>) => void
  /** After a success or a failure: what is shown may be no longer true. */
  readonly onEnd?: () => void
}

const isSuccess = (result: unknown): boolean => String((result as { __typename?: string } | undefined)?.__typename).endsWith('Success')

export const Deed = <Data extends object, Variables extends AnyVariables>({
  document,
  variables,
  onDone,
  onEnd,
  ...question
}: DeedProps<Data, Variables>) => {
  const change = useChange(document)
  const act = async () => {
    const result = await change.run(variables)
    if (result !== undefined && isSuccess(result)) onDone(result)
    onEnd?.()
  }
  return (
    <div className="deed">
      <Confirm {...question} isBusy={change.isBusy} onConfirm={() => void act()} />
      {change.problem !== undefined && <ProblemNotice problem={change.problem} />}
    </div>
  )
}
