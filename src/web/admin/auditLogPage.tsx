/** /admin/audit-log: what happened to all accounts and to the server, with filters, and as a file. */
import { Button } from 'react-aria-components'
import { auditTexts } from '../auditTexts.ts'
import { useLocale, useTextsOf } from '../locale.tsx'
import { Choice } from '../parts/choice.tsx'
import { FilterField, FilterForm } from '../parts/filterForm.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { useParameters } from '../routing.ts'
import type { EventFormat } from './eventFile.ts'
import { type EventFilter, eventFilterNames, eventFilterOf } from './eventFilter.ts'
import { EventTable } from './eventTable.tsx'
import { AllAuditEventsDocument } from './operations.ts'
import { serverTexts } from './textsServer.ts'
import { useEventFile } from './useEventFile.ts'

const SIZE = 50
const FORMATS: readonly EventFormat[] = ['CSV', 'NDJSON']

const Filters = () => {
  const texts = useTextsOf(serverTexts).audit
  const { events, surfaces } = useTextsOf(auditTexts)
  const { locale } = useLocale()
  const [parameters] = useParameters()
  const given = (name: string) => parameters.get(name) ?? ''
  const choice = (name: string, label: string, names: Readonly<Record<string, string>>) => (
    <Choice
      name={name}
      label={label}
      defaultValue={given(name)}
      options={[
        { value: '', label: texts.any },
        ...Object.entries(names)
          .map(([value, text]) => ({ value, label: text }))
          .sort((one, other) => one.label.localeCompare(other.label, locale)),
      ]}
    />
  )
  return (
    <FilterForm label={texts.filters} names={eventFilterNames}>
      {choice('type', texts.type, events)}
      {choice('outcome', texts.outcome, { SUCCESS: texts.success, FAILURE: texts.failure })}
      {choice('surface', texts.surface, surfaces)}
      <FilterField name="since" label={texts.since} type="date" defaultValue={given('since')} />
      <FilterField name="until" label={texts.until} type="date" defaultValue={given('until')} />
      <FilterField name="user" label={texts.user} defaultValue={given('user')} dir="ltr" />
      <FilterField name="actor" label={texts.actor} defaultValue={given('actor')} dir="ltr" />
    </FilterForm>
  )
}

const Download = ({ filter }: { readonly filter: EventFilter }) => {
  const texts = useTextsOf(serverTexts).audit
  const { progress, saved, problem, save, cancel } = useEventFile()
  return (
    <section className="card" aria-labelledby="download">
      <h2 id="download">{texts.save}</h2>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {progress !== undefined && <Notice kind="info">{texts.reading(progress)}</Notice>}
      {saved !== undefined && <Notice kind="good">{saved.isCut ? texts.cut(saved.count) : texts.saved(saved.count)}</Notice>}
      <div className="actions">
        {FORMATS.map((format) => (
          <Button key={format} className="button small" isPending={progress !== undefined} onPress={() => void save(filter, format)}>
            {texts.saveAs(format)}
          </Button>
        ))}
        {progress !== undefined && (
          <Button className="button plain" onPress={cancel}>
            {texts.cancel}
          </Button>
        )}
      </div>
    </section>
  )
}

export const AuditLogPage = () => {
  const texts = useTextsOf(serverTexts).audit
  usePage(texts.title)
  const [parameters] = useParameters()
  const filter = eventFilterOf(parameters)
  const read = useRead(AllAuditEventsDocument, { ...usePageVariables(SIZE), ...filter })
  const page = read.data?.auditEvents
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <Filters />
      <Reading read={read} />
      {page?.edges.length === 0 && <p>{texts.none}</p>}
      {page != null && (
        <>
          {page.edges.length > 0 && <EventTable label={texts.title} events={page.edges.map(({ node }) => node)} />}
          <Pager pageInfo={page.pageInfo} />
        </>
      )}
      <Download filter={filter} />
    </>
  )
}
