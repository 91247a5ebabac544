/** Requests over time: the chart, what it shows by group, and all of it as a table. */
import { lazy, Suspense } from 'react'
import { useFormats, useTexts, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { Notice } from '../parts/notice.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { type ChartData, chartDataOf, colourOf, type Series } from './chartData.ts'
import { UseDaysDocument } from './operations.ts'
import { legacyTexts } from './textsLegacy.ts'
import type { LegacyFilter } from './useLegacyFilter.ts'

const UsageChart = lazy(async () => await import('./usageChart.tsx'))

/** A name for people: groups of clients have special ones. */
export const useGroupName = (by: string): ((group: string | null) => string) => {
  const texts = useTextsOf(legacyTexts)
  return (group) => {
    if (group === null) return texts.others
    if (by !== 'CLIENT') return group
    return group === '' ? texts.noName : group === '(other)' ? texts.otherClients : group
  }
}

interface PartProps {
  readonly by: string
  readonly data: ChartData
  readonly nameOf: (series: Series) => string
}

const Groups = ({ by, data: { series }, nameOf }: PartProps) => {
  const texts = useTextsOf(legacyTexts)
  const formats = useFormats()
  const all = series.reduce((sum, { requests }) => sum + requests, 0)
  return (
    <DataTable
      label={texts.groupsLabel(by)}
      rows={series.map((one, index) => ({ ...one, index }))}
      keyOf={({ key }) => key}
      columns={[
        {
          key: 'group',
          title: by,
          cell: (one) => (
            <>
              <span className="swatch" style={{ background: colourOf(one.index) }} /> <bdi>{nameOf(one)}</bdi>
            </>
          ),
        },
        { key: 'requests', title: texts.requests, isNumber: true, cell: ({ requests }) => formats.number(requests) },
        { key: 'failures', title: texts.failures, isNumber: true, cell: ({ failures }) => formats.number(failures) },
        { key: 'share', title: texts.share, isNumber: true, cell: ({ requests }) => formats.percent(requests / all) },
      ]}
    />
  )
}

const AsTable = ({ label, data: { series, points, step }, nameOf }: Omit<PartProps, 'by'> & { readonly label: string }) => {
  const texts = useTextsOf(legacyTexts)
  const formats = useFormats()
  return (
    <details>
      <summary>{texts.asTable}</summary>
      <DataTable
        label={label}
        rows={points.filter((point) => series.some(({ key }) => (point[key] ?? 0) > 0))}
        keyOf={({ time }) => String(time)}
        columns={[
          { key: 'time', title: step === 1 ? texts.day : texts.week, cell: ({ time }) => formats.day(new Date(time).toISOString()) },
          ...series.map((one) => ({
            key: one.key,
            title: nameOf(one),
            isNumber: true,
            cell: (point: (typeof points)[number]) => formats.number(point[one.key] ?? 0),
          })),
        ]}
      />
    </details>
  )
}

export const UsageOverTime = ({ by, days, filter, now }: LegacyFilter) => {
  const texts = useTextsOf(legacyTexts)
  const { wait } = useTexts()
  const groupName = useGroupName(by)
  const read = useRead(UseDaysDocument, { by, filter })
  const counts = read.data?.dialectUseDays
  const data = counts == null ? undefined : chartDataOf(counts, days, now)
  const grouping = texts.groupings[by]
  const nameOf = ({ group }: Series) => groupName(group)
  return (
    <>
      <Reading read={read} />
      {data?.series.length === 0 && <p role="status">{texts.noUses}</p>}
      {data !== undefined && data.series.length > 0 && (
        <>
          <Suspense fallback={<Notice kind="info">{wait}</Notice>}>
            <UsageChart label={texts.chartLabel(grouping, data.step)} data={data} nameOf={nameOf} />
          </Suspense>
          <Groups by={grouping} data={data} nameOf={nameOf} />
          <AsTable label={texts.chartLabel(grouping, data.step)} data={data} nameOf={nameOf} />
        </>
      )}
    </>
  )
}
