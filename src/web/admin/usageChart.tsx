/** Requests over time as stacked bars. The same is in the table below it, for those who cannot see it. */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { useFormats, useLocale } from '../locale.tsx'
import { type ChartData, colourOf, type Series } from './chartData.ts'

const HEIGHT = 280

const isStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches

interface ChartProps {
  readonly label: string
  readonly data: ChartData
  readonly nameOf: (series: Series) => string
}

export default function UsageChart({ label, data, nameOf }: ChartProps) {
  const formats = useFormats()
  const isRightToLeft = useLocale().locale === 'ar'
  const dayOf = (time: unknown) => formats.day(new Date(Number(time)).toISOString())
  return (
    <div className="chart" role="img" aria-label={label} dir="ltr">
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={[...data.points]} accessibilityLayer={false} margin={{ top: 8, right: 8, bottom: 0, left: 8 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="time"
            tickFormatter={dayOf}
            reversed={isRightToLeft}
            minTickGap={24}
            stroke="var(--soft)"
            tick={{ fontSize: 13 }}
          />
          <YAxis
            allowDecimals={false}
            tickFormatter={formats.number}
            orientation={isRightToLeft ? 'right' : 'left'}
            width={56}
            stroke="var(--soft)"
            tick={{ fontSize: 13 }}
          />
          <Tooltip
            labelFormatter={dayOf}
            formatter={(value) => formats.number(Number(value))}
            cursor={{ fill: 'var(--raised)' }}
            contentStyle={{ background: 'var(--paper)', border: '1px solid var(--line)', direction: isRightToLeft ? 'rtl' : 'ltr' }}
            isAnimationActive={!isStill()}
          />
          {data.series.map((series, index) => (
            <Bar
              key={series.key}
              dataKey={series.key}
              name={nameOf(series)}
              stackId="all"
              fill={colourOf(index)}
              isAnimationActive={!isStill()}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
