/** /account/sessions: where the account is signed in, and how to end that. */
import { useState } from 'react'
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTexts, useTextsOf } from '../locale.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { deviceOf } from '../parts/device.ts'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import { useRead } from '../read.ts'
import { useSession } from '../session.tsx'
import {
  type AccountSessionFragment,
  EndOtherSessionsDocument,
  EndSessionDocument,
  SessionsDocument,
  SignOutEverywhereDocument,
} from './operations.ts'
import { accountTexts } from './texts.ts'

export const SessionsPage = () => {
  const texts = useTextsOf(accountTexts).sessions
  const { surfaces } = useTextsOf(auditTexts)
  const { wait } = useTexts()
  const formats = useFormats()
  usePage(texts.title)
  const { ended } = useSession()
  const { data, problem, again } = useRead(SessionsDocument, {})
  const end = useChange(EndSessionDocument)
  const endOthers = useChange(EndOtherSessionsDocument)
  const everywhere = useChange(SignOutEverywhereDocument)
  const [done, setDone] = useState<string>()
  const failed = end.problem ?? endOthers.problem ?? everywhere.problem
  const sessions = data?.me?.sessions
  const nameOf = ({ userAgent }: AccountSessionFragment) => deviceOf(userAgent) ?? texts.unknownDevice
  const endOne = async (id: string) => {
    const result = await end.run({ input: { id } })
    if (result?.__typename === 'EndSessionSuccess') setDone(texts.ended)
    // It may have ended by itself meanwhile.
    again()
  }
  const endRest = async () => {
    const result = await endOthers.run({})
    if (result?.__typename === 'EndOtherSessionsSuccess') setDone(texts.othersEnded(result.endedSessions))
    again()
  }
  const endAll = async () => {
    const result = await everywhere.run({})
    if (result?.__typename === 'SignOutSuccess') ended()
  }
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {failed !== undefined && <ProblemNotice problem={failed} />}
      {done !== undefined && <Notice kind="good">{done}</Notice>}
      {sessions === undefined && problem === undefined && <Notice kind="info">{wait}</Notice>}
      {sessions !== undefined && (
        <>
          <DataTable
            label={texts.title}
            rows={sessions}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'device',
                title: texts.device,
                cell: (session) => (
                  <>
                    <bdi>{nameOf(session)}</bdi> {session.current && <span className="tag good">{texts.current}</span>}
                    <div className="soft">{surfaces[session.surface]}</div>
                  </>
                ),
              },
              { key: 'place', title: texts.place, cell: ({ clientAddress }) => <bdi>{clientAddress ?? texts.unknownPlace}</bdi> },
              { key: 'opened', title: texts.opened, cell: ({ createdAt }) => formats.time(createdAt) },
              { key: 'lastSeen', title: texts.lastSeen, cell: ({ lastSeenAt }) => formats.time(lastSeenAt) },
              {
                key: 'action',
                title: texts.action,
                label: '',
                cell: (session) =>
                  !session.current && (
                    <Confirm
                      label={texts.end}
                      fullLabel={texts.endLabel(nameOf(session))}
                      question={texts.endLabel(nameOf(session))}
                      isBusy={end.isBusy}
                      onConfirm={() => void endOne(session.id)}
                    />
                  ),
              },
            ]}
          />
          <div className="actions">
            <Confirm label={texts.endOthers} question={texts.endOthersHint} isBusy={endOthers.isBusy} onConfirm={() => void endRest()} />
            <Confirm label={texts.everywhere} question={texts.endOthersHint} isBusy={everywhere.isBusy} onConfirm={() => void endAll()} />
          </div>
        </>
      )}
    </>
  )
}
