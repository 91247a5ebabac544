/** /admin/server: how the server is, and its settings, which nobody can change here. */
import { useState } from 'react'
import { Input, Label, SearchField } from 'react-aria-components'
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { Facts } from '../parts/facts.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { ServerStatusDocument, type ServerStatusQuery } from './operations.ts'
import { serverTexts } from './textsServer.ts'

type Status = NonNullable<ServerStatusQuery['serverStatus']>
type Setting = Status['settings'][number]

const Health = ({ status }: { readonly status: Status }) => {
  const texts = useTextsOf(serverTexts).server
  const formats = useFormats()
  const { database, hashQueue, outboxEntries, oldestOutboxEntryAt } = status
  const kind = database.kind === 'EMBEDDED' ? `PostgreSQL ${database.version} (${texts.embedded})` : `PostgreSQL ${database.version}`
  const replica = database.usesReplica === true ? texts.fromReplica : texts.fromMain
  return (
    <Facts
      facts={[
        [texts.version, <bdi key="version">{`Vestibule ${status.version}, Node.js ${status.nodeVersion}`}</bdi>],
        [texts.started, formats.time(status.startedAt)],
        [texts.database, <bdi key="database">{kind}</bdi>],
        ...(database.usesReplica === null ? [] : [[texts.replica, replica] as const]),
        [texts.migration, <bdi key="migration">{database.lastMigration}</bdi>],
        [texts.hashing, texts.hashes(hashQueue.running, hashQueue.waiting, hashQueue.limit)],
        [
          texts.outbox,
          <PageLink key="outbox" to="/admin/mails">
            {oldestOutboxEntryAt === null
              ? formats.number(outboxEntries)
              : texts.waitingSince(outboxEntries, formats.time(oldestOutboxEntryAt))}
          </PageLink>,
        ],
      ]}
    />
  )
}

const Value = ({ setting: { value, isSecret, isSet, isDefault } }: { readonly setting: Setting }) => {
  const texts = useTextsOf(serverTexts).server
  if (isSecret && isSet) return <span>{texts.secretSet}</span>
  if (value === null) return <span className="soft">{texts.notSet}</span>
  return (
    <>
      <code dir="ltr">{value}</code> {!isDefault && <span className="tag">{texts.changed}</span>}
    </>
  )
}

/** The settings that a search finds, by their groups. */
const grouped = (settings: readonly Setting[], search: string): ReadonlyMap<string, readonly Setting[]> => {
  const words = search.toLowerCase().split(/\s+/)
  const found = new Map<string, Setting[]>()
  for (const setting of settings) {
    const text = `${setting.name} ${setting.group} ${setting.about} ${setting.value ?? ''}`.toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    found.set(setting.group, [...(found.get(setting.group) ?? []), setting])
  }
  return found
}

const Group = ({ name, settings }: { readonly name: string; readonly settings: readonly Setting[] }) => {
  const texts = useTextsOf(serverTexts).server
  return (
    <>
      {/* The server has these texts in English only. */}
      <h3 lang="en" dir="ltr">
        {name}
      </h3>
      <DataTable
        label={name}
        rows={settings}
        keyOf={(setting) => setting.name}
        columns={[
          { key: 'name', title: texts.name, size: 'large', cell: (setting) => <code dir="ltr">{setting.name}</code> },
          { key: 'value', title: texts.value, size: 'large', cell: (setting) => <Value setting={setting} /> },
          {
            key: 'about',
            title: texts.about,
            cell: ({ about }) => (
              <span lang="en" dir="ltr">
                {about}
              </span>
            ),
          },
        ]}
      />
    </>
  )
}

const Settings = ({ settings }: { readonly settings: readonly Setting[] }) => {
  const texts = useTextsOf(serverTexts).server
  const [search, setSearch] = useState('')
  const groups = [...grouped(settings, search.trim())]
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">{texts.settings}</h2>
      <p>{texts.settingsPrompt}</p>
      <SearchField className="field spaced" value={search} onChange={setSearch}>
        <Label>{texts.search}</Label>
        <Input dir="auto" autoCapitalize="none" spellCheck={false} />
      </SearchField>
      {groups.length === 0 && <p role="status">{texts.none}</p>}
      {groups.map(([name, found]) => (
        <Group key={name} name={name} settings={found} />
      ))}
    </section>
  )
}

export const ServerPage = () => {
  const texts = useTextsOf(serverTexts).server
  usePage(texts.title)
  const read = useRead(ServerStatusDocument, {})
  const status = read.data?.serverStatus
  return (
    <>
      <h1>{texts.title}</h1>
      <Reading read={read} />
      {status != null && (
        <>
          <Health status={status} />
          <Settings settings={status.settings} />
        </>
      )}
    </>
  )
}
