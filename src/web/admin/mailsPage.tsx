/** /admin/mails: the mails that wait to be sent. */
import { Button } from 'react-aria-components'
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { usePage } from '../parts/page.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { WaitingMailsDocument } from './operations.ts'
import { serverTexts } from './textsServer.ts'

const SIZE = 50

export const MailsPage = () => {
  const texts = useTextsOf(serverTexts).mails
  const formats = useFormats()
  usePage(texts.title)
  const read = useRead(WaitingMailsDocument, usePageVariables(SIZE))
  const page = read.data?.waitingMails
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <p>
        <Button className="button small" isPending={read.isBusy} onPress={read.again}>
          {texts.again}
        </Button>
      </p>
      <Reading read={read} />
      {page?.edges.length === 0 && <p role="status">{texts.none}</p>}
      {page != null && (
        <>
          {page.edges.length > 0 && (
            <DataTable
              label={texts.title}
              rows={page.edges.map(({ node }) => node)}
              keyOf={({ id }) => id}
              columns={[
                { key: 'kind', title: texts.kind, cell: ({ kind }) => texts.kinds[kind] },
                { key: 'to', title: texts.to, cell: ({ address }) => <bdi>{address ?? texts.unknown}</bdi> },
                { key: 'since', title: texts.since, cell: ({ createdAt }) => formats.time(createdAt) },
                { key: 'attempts', title: texts.attempts, isNumber: true, cell: ({ attempts }) => formats.number(attempts) },
                { key: 'next', title: texts.next, cell: ({ nextAttemptAt }) => formats.time(nextAttemptAt) },
                { key: 'why', title: texts.why, cell: ({ lastFailure }) => <bdi>{lastFailure ?? texts.notTried}</bdi> },
              ]}
            />
          )}
          <Pager pageInfo={page.pageInfo} />
        </>
      )}
    </>
  )
}
