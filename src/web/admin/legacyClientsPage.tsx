/** /admin/legacy-clients: the legacy APIs on their way out, who still uses them, and what to do next. */
import { useState } from 'react'
import { useTextsOf } from '../locale.tsx'
import { Choice } from '../parts/choice.tsx'
import { FilterField, FilterForm } from '../parts/filterForm.tsx'
import { usePage } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import type { Setting } from './advice.ts'
import { firstOf } from './chartData.ts'
import { type Dialect, DialectCard } from './dialectCard.tsx'
import { DialectsDocument, type DialectsQuery } from './operations.ts'
import { legacyTexts } from './textsLegacy.ts'
import { UsageList } from './usageList.tsx'
import { UsageOverTime } from './usageOverTime.tsx'
import { groupings, type LegacyFilter, legacyFilterNames, periods, useLegacyFilter } from './useLegacyFilter.ts'

/** As many as the server sums up at most. */
const MOST_DAYS = 400

const presentSettings = ({ serverStatus }: DialectsQuery): Readonly<Record<Setting['name'], string>> => {
  const given = (name: Setting['name']) => serverStatus?.settings.find((setting) => setting.name === name)?.value ?? ''
  return { DEPRECATION: given('DEPRECATION'), SUNSET: given('SUNSET'), SWITCHED_OFF: given('SWITCHED_OFF') }
}

interface FiltersProps {
  readonly chosen: LegacyFilter
  readonly dialects: readonly Dialect[]
}

const Filters = ({ chosen: { by, days, filter }, dialects }: FiltersProps) => {
  const texts = useTextsOf(legacyTexts)
  return (
    <FilterForm label={texts.filters} names={legacyFilterNames}>
      <Choice name="by" label={texts.by} defaultValue={by} options={groupings.map((value) => ({ value, label: texts.groupings[value] }))} />
      <Choice
        name="days"
        label={texts.period}
        defaultValue={String(days)}
        options={periods.map((period) => ({ value: String(period), label: texts.days(period) }))}
      />
      <Choice
        name="dialect"
        label={texts.dialect}
        defaultValue={filter.dialect ?? ''}
        options={[{ value: '', label: texts.all }, ...dialects.map(({ name, title }) => ({ value: name, label: title }))]}
      />
      <FilterField name="client" label={texts.client} defaultValue={filter.client ?? ''} />
    </FilterForm>
  )
}

export const LegacyClientsPage = () => {
  const texts = useTextsOf(legacyTexts)
  usePage(texts.title)
  const chosen = useLegacyFilter()
  const [since] = useState(() => new Date(firstOf(MOST_DAYS, chosen.now)).toISOString())
  const read = useRead(DialectsDocument, { since })
  const { data } = read
  const dialects = data?.dialects ?? []
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <section aria-labelledby="dialects">
        <h2 id="dialects">{texts.dialects}</h2>
        <Reading read={read} />
        {data?.dialects?.length === 0 && <p>{texts.noDialects}</p>}
        {data !== undefined &&
          dialects.map((dialect) => (
            <DialectCard
              key={dialect.name}
              dialect={dialect}
              days={data.dialectUseDays?.filter(({ group }) => group === dialect.name)}
              present={presentSettings(data)}
              now={chosen.now}
            />
          ))}
      </section>
      <section aria-labelledby="chart">
        <h2 id="chart">{texts.chart}</h2>
        {data !== undefined && <Filters chosen={chosen} dialects={dialects} />}
        <UsageOverTime {...chosen} />
      </section>
      <UsageList filter={chosen.filter} />
    </>
  )
}
