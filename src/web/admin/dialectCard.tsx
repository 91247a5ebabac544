/** A dialect: how far it is on its way out, and what to do next. */
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { Facts } from '../parts/facts.tsx'
import { PageLink } from '../parts/page.tsx'
import { type Advice, adviceFor, type Setting, type UseDay, usageOf } from './advice.ts'
import type { DialectsQuery } from './operations.ts'
import { legacyTexts } from './textsLegacy.ts'

export type Dialect = NonNullable<DialectsQuery['dialects']>[number]
type Retiring = Pick<Dialect, 'deprecatedAt' | 'sunsetAt' | 'isReadOnly' | 'isSwitchedOff'>

const Tags = ({ of: { isReadOnly, isSwitchedOff } }: { readonly of: Retiring }) => {
  const texts = useTextsOf(legacyTexts)
  return (
    <span className="tags">
      {!isSwitchedOff && !isReadOnly && <span className="tag good">{texts.served}</span>}
      {!isSwitchedOff && isReadOnly && <span className="tag">{texts.readOnly}</span>}
      {isSwitchedOff && <span className="tag bad">{texts.switchedOff}</span>}
    </span>
  )
}

const OwnRoutes = ({ dialect }: { readonly dialect: Dialect }) => {
  const texts = useTextsOf(legacyTexts)
  const formats = useFormats()
  const dayOf = (at: string | null) => (at === null ? texts.notSet : formats.day(at))
  const same: readonly (keyof Retiring)[] = ['deprecatedAt', 'sunsetAt', 'isReadOnly', 'isSwitchedOff']
  // Read only is said of routes that change accounts alone.
  const own = dialect.routes.filter((route) => same.some((name) => name !== 'isReadOnly' && route[name] !== dialect[name]))
  if (own.length === 0) return null
  return (
    <details>
      <summary>{texts.routes}</summary>
      <DataTable
        label={texts.routes}
        rows={own}
        keyOf={({ method, path }) => `${method} ${path}`}
        columns={[
          { key: 'route', title: texts.route, cell: ({ method, path }) => <code dir="ltr">{`${method} ${path}`}</code> },
          { key: 'deprecated', title: texts.deprecated, cell: ({ deprecatedAt }) => dayOf(deprecatedAt) },
          { key: 'sunset', title: texts.sunset, cell: ({ sunsetAt }) => dayOf(sunsetAt) },
          { key: 'state', title: texts.state, cell: (route) => <Tags of={route} /> },
        ]}
      />
    </details>
  )
}

const Next = ({ advice }: { readonly advice: Advice }) => {
  const texts = useTextsOf(legacyTexts)
  const formats = useFormats()
  const lastDay = 'usage' in advice ? advice.usage.lastDay : undefined
  const words = {
    date: 'date' in advice ? formats.day(advice.date) : '',
    lastDay: lastDay === undefined ? undefined : formats.day(lastDay),
  }
  const setting = 'setting' in advice ? advice.setting : undefined
  return (
    <div className="notice">
      <h4>{texts.next}</h4>
      <p>{texts.advice(advice, words)}</p>
      {setting !== undefined && (
        <p dir="ltr">
          <code>{`${setting.name}=${setting.value}`}</code>
        </p>
      )}
    </div>
  )
}

interface CardProps {
  readonly dialect: Dialect
  /** Undefined if they could not be read. */
  readonly days: readonly UseDay[] | undefined
  readonly present: Readonly<Record<Setting['name'], string>>
  readonly now: Date
}

export const DialectCard = ({ dialect, days, present, now }: CardProps) => {
  const texts = useTextsOf(legacyTexts)
  const formats = useFormats()
  const usage = days === undefined ? undefined : usageOf(days, now)
  const { name, title, deprecatedAt, sunsetAt, migrationGuide } = dialect
  const isToCome = deprecatedAt !== null && Date.parse(deprecatedAt) > now.getTime()
  return (
    <section className="card" aria-labelledby={`dialect-${name}`}>
      <h3 id={`dialect-${name}`}>
        <bdi>{title}</bdi> <code dir="ltr">{name}</code>
      </h3>
      <p>
        <Tags of={dialect} />
      </p>
      <Facts
        facts={[
          ...(usage === undefined
            ? []
            : [
                [texts.in30Days, formats.number(usage.requests)] as const,
                [texts.lastUse, usage.lastDay === undefined ? texts.never : formats.day(usage.lastDay)] as const,
              ]),
          [isToCome ? texts.willBeDeprecated : texts.deprecated, deprecatedAt === null ? texts.notSet : formats.day(deprecatedAt)],
          [texts.sunset, sunsetAt === null ? texts.notSet : formats.day(sunsetAt)],
        ]}
      />
      {usage !== undefined && <Next advice={adviceFor(dialect, usage, present, now)} />}
      <OwnRoutes dialect={dialect} />
      <p className="actions">
        {usage?.lastDay !== undefined && (
          <PageLink to={`/admin/legacy-clients?by=CLIENT&days=90&dialect=${encodeURIComponent(name)}`}>
            {texts.who}: <bdi>{name}</bdi>
          </PageLink>
        )}
        {migrationGuide !== null && <a href={migrationGuide}>{texts.guide}</a>}
      </p>
    </section>
  )
}
