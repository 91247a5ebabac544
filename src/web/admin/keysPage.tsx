/** /admin/keys: the keys that sign access tokens, and a new one. */
import { useState } from 'react'
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { Notice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { Deed } from './deed.tsx'
import { RotateSigningKeyDocument, SigningKeysDocument, type SigningKeysQuery } from './operations.ts'
import { serverTexts } from './textsServer.ts'

const DAY = 86_400_000
type Key = NonNullable<SigningKeysQuery['signingKeys']>[number]

const ageOf = ({ createdAt }: Key, now: number): number => Math.max(0, Math.floor((now - Date.parse(createdAt)) / DAY))

const State = ({ signingKey: { isSigning, acceptedUntil }, now }: { readonly signingKey: Key; readonly now: number }) => {
  const texts = useTextsOf(serverTexts).keys
  if (isSigning) return <span className="tag good">{texts.signing}</span>
  return <span className="tag">{Date.parse(acceptedUntil) > now ? texts.retired : texts.gone}</span>
}

export const KeysPage = () => {
  const texts = useTextsOf(serverTexts).keys
  const formats = useFormats()
  usePage(texts.title)
  const read = useRead(SigningKeysDocument, {})
  const [done, setDone] = useState<string>()
  const [now] = useState(Date.now)
  const keys = read.data?.signingKeys
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <Reading read={read} />
      {done !== undefined && (
        <Notice key={done} kind="good">
          {texts.rotated(done)}
        </Notice>
      )}
      {keys != null && (
        <DataTable
          label={texts.title}
          rows={keys}
          keyOf={({ kid }) => kid}
          columns={[
            {
              key: 'kid',
              title: texts.kid,
              cell: ({ kid, algorithm }) => (
                <>
                  <code dir="ltr">{kid}</code>
                  <div className="soft">{algorithm}</div>
                </>
              ),
            },
            { key: 'state', title: texts.state, cell: (key) => <State signingKey={key} now={now} /> },
            {
              key: 'age',
              title: texts.age,
              cell: (key) => (
                <>
                  {texts.days(ageOf(key, now))}
                  <div className="soft">{formats.time(key.createdAt)}</div>
                </>
              ),
            },
            { key: 'signsUntil', title: texts.signsUntil, cell: ({ signsUntil }) => formats.time(signsUntil) },
            { key: 'acceptedUntil', title: texts.acceptedUntil, cell: ({ acceptedUntil }) => formats.time(acceptedUntil) },
          ]}
        />
      )}
      <Deed
        document={RotateSigningKeyDocument}
        variables={{}}
        label={texts.rotate}
        question={texts.rotateQuestion}
        isDangerous={false}
        onDone={(result) => result.__typename === 'RotateSigningKeySuccess' && setDone(result.kid)}
        onEnd={read.again}
      />
    </>
  )
}
