/** Where an account is signed in, and how to end that. */
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { deviceOf } from '../parts/device.ts'
import { Deed } from './deed.tsx'
import { EndUserSessionDocument } from './operations.ts'
import { userTexts } from './textsUser.ts'
import type { PartProps } from './userDeeds.tsx'

export const UserSessions = ({ user: { sessions }, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  const { surfaces } = useTextsOf(auditTexts)
  const formats = useFormats()
  const nameOf = (userAgent: string | null) => deviceOf(userAgent) ?? texts.unknownDevice
  return (
    <section className="card" aria-labelledby="sessions">
      <h2 id="sessions">{texts.sessions}</h2>
      {sessions.length === 0 ? (
        <p>{texts.noSessions}</p>
      ) : (
        <DataTable
          label={texts.sessions}
          rows={sessions}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'device',
              title: texts.device,
              cell: ({ userAgent, surface, current }) => (
                <>
                  <bdi>{nameOf(userAgent)}</bdi> {current && <span className="tag good">{texts.current}</span>}
                  <div className="soft">{surfaces[surface]}</div>
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
              cell: ({ id, userAgent, current }) =>
                !current && (
                  <Deed
                    document={EndUserSessionDocument}
                    variables={{ input: { id } }}
                    label={texts.end}
                    fullLabel={texts.endLabel(nameOf(userAgent))}
                    question={texts.endQuestion(nameOf(userAgent))}
                    onDone={() => onDone(texts.ended)}
                    onEnd={onEnd}
                  />
                ),
            },
          ]}
        />
      )}
    </section>
  )
}
