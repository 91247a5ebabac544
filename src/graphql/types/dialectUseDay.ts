/** Uses of the dialects day by day, for a chart. */
import type { DialectUseDay, DialectUseGrouping } from '../../domain/dialectUses/dialectUseDays.ts'
import { builder } from '../builder.ts'
import { DialectUseFilterInput } from './dialectUse.ts'

const GroupingEnum = builder.enumType('DialectUseGrouping', {
  description: 'What the uses of a group have in common.',
  values: {
    DIALECT: { value: 'dialect', description: 'The dialect.' },
    ROUTE: { value: 'route', description: 'The route: method and path.' },
    CLIENT: { value: 'client', description: 'The client: the User-Agent.' },
  } as const satisfies Record<string, { value: DialectUseGrouping; description: string }>,
})

const DayType = builder.objectRef<DialectUseDay>('DialectUseDay').implement({
  description: 'The requests of one group of uses on one day.',
  fields: (t) => ({
    day: t.exposeString('day', { description: 'The day, `YYYY-MM-DD`, in UTC.' }),
    group: t.exposeString('group', {
      nullable: true,
      description:
        'The dialect, route or client; null for all that are not among the ten with the most requests, together. A client is empty without a User-Agent, and `(other)` beyond the first 200 clients of a dialect on a day.',
    }),
    requests: t.expose('requests', { type: 'SafeInt', description: 'The number of requests.' }),
    failures: t.expose('failures', { type: 'SafeInt', description: 'How many of them failed, as in `DialectUse`.' }),
  }),
})

builder.queryField('dialectUseDays', (t) =>
  t.field({
    type: [DayType],
    nullable: true,
    description:
      'How often the REST dialects were used each day, the earliest day first, for a chart: the ten groups with the most requests each by itself, and all others together. At most 400 days; without `since` the last 30. Days without a use are left out. Up to a minute behind.',
    args: {
      filter: t.arg({ type: DialectUseFilterInput, description: 'Which uses to sum.' }),
      by: t.arg({ type: GroupingEnum, required: true, description: 'How to group them.' }),
    },
    resolve: async (_root, { filter, by }, { operations }) => await operations.dialectUseDays({ ...filter }, by),
  }),
)
