/** How the server is, and its settings. */
import type { QueueLoad } from '../../domain/hashing/fairQueue.ts'
import type { DatabaseStatus, ServerStatus } from '../../domain/server/serverStatus.ts'
import type { SettingState } from '../../domain/server/settingStates.ts'
import { builder } from '../builder.ts'

const DatabaseKindEnum = builder.enumType('DatabaseKind', {
  description: 'A kind of database.',
  values: {
    EMBEDDED: { value: 'pglite', description: 'The embedded database (PGlite), in DATA_DIR.' },
    POSTGRESQL: { value: 'postgresql', description: 'A PostgreSQL server.' },
  } as const satisfies Record<string, { value: DatabaseStatus['kind']; description: string }>,
})

const DatabaseType = builder.objectRef<DatabaseStatus>('DatabaseStatus').implement({
  description: 'The database of the server.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DatabaseKindEnum, description: 'Its kind.' }),
    version: t.exposeString('version', { description: 'The version of PostgreSQL, also of the embedded one.' }),
    lastMigration: t.exposeString('lastMigration', { description: 'The name of the last migration.' }),
    usesReplica: t.exposeBoolean('usesReplica', {
      nullable: true,
      description: 'Whether lists are read from the replica now; null if there is none (DATABASE_READ_URL).',
    }),
  }),
})

const HashQueueType = builder.objectRef<QueueLoad>('HashQueueStatus').implement({
  description: 'The queue of password hashes of this process.',
  fields: (t) => ({
    running: t.exposeInt('running', { description: 'How many hashes are computed now.' }),
    waiting: t.exposeInt('waiting', { description: 'How many wait for a core; one of another program may count as several.' }),
    limit: t.exposeInt('limit', { description: 'How many may wait.' }),
  }),
})

const SettingType = builder.objectRef<SettingState>('ServerSetting').implement({
  description: 'A setting of the server. Settings are read at start; nobody can change them through an API.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the environment variable.' }),
    group: t.exposeString('group', { description: 'The part of the documentation that it is in.' }),
    about: t.exposeString('about', { description: 'What it means, in English.' }),
    value: t.exposeString('value', { nullable: true, description: 'The value, as text; null without one, and always for a secret.' }),
    isSecret: t.exposeBoolean('isSecret', { description: 'Whether it is a secret.' }),
    isSet: t.exposeBoolean('isSet', { description: 'Whether it has a value, be it the default.' }),
    isDefault: t.exposeBoolean('isDefault', { description: 'Whether the value is the default, or there is neither.' }),
  }),
})

const StatusType = builder.objectRef<ServerStatus>('ServerStatus').implement({
  description: 'How the server is. Of several processes on one database, what is not of the database is that of the one that answers.',
  fields: (t) => ({
    version: t.exposeString('version', { description: 'The version of the server.' }),
    nodeVersion: t.exposeString('nodeVersion', { description: 'The version of Node.js.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When the process started.' }),
    database: t.expose('database', { type: DatabaseType, description: 'Its database.' }),
    outboxEntries: t.expose('outboxEntries', {
      type: 'SafeInt',
      description: 'How many mails and requested resets wait (`waitingMails`).',
    }),
    oldestOutboxEntryAt: t.expose('oldestOutboxEntryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of them was queued; null if none waits.',
    }),
    hashQueue: t.expose('hashQueue', { type: HashQueueType, description: 'The queue of password hashes.' }),
    settings: t.field({ type: [SettingType], description: 'All settings. No secret is shown.', resolve: ({ settings }) => [...settings] }),
  }),
})

builder.queryField('serverStatus', (t) =>
  t.field({
    type: StatusType,
    nullable: true,
    description: 'How the server is, and its settings.',
    resolve: async (_root, _args, { operations }) => await operations.serverStatus(),
  }),
)
