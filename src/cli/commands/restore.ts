/** `vestibule restore` puts a backup of the embedded database back, or reads an export of everything into an empty database. */
import { randomBytes } from 'node:crypto'
import { databaseOptions } from '../../db/databaseOptions.ts'
import { StartupError } from '../../db/startupError.ts'
import { jsonLinesOf } from '../../importers/sources/jsonLines.ts'
import { peek } from '../../importers/sources/peek.ts'
import { defineCommand, type SettingsContext } from '../command.ts'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { warningsOnly } from '../warningsOnly.ts'
import { orSayWhileInUse } from '../whileInUse.ts'
import { counted } from '../wording.ts'

const IS_SERVED = 'Stop the server first'

/** The first byte of what gzip wrote (RFC 1952, 2.3.1), with which no line of JSON begins. */
const GZIP = 0x1f

const restoreArchive = async (context: SettingsContext, all: AsyncIterable<Uint8Array>): Promise<ExitCode> => {
  const { config, dataDir, root, output, confirm } = context
  if (config.DATABASE_URL !== undefined)
    throw new StartupError(
      'The file is a backup of the embedded database, and DATABASE_URL names PostgreSQL: restore it without DATABASE_URL, and use `vestibule move` then',
    )
  if (!(await confirm(`Put this backup in place of the database in ${dataDir}? What is there is kept beside it.`))) return exitCodes.refused
  const { restoreBackup } = await import('../../db/backup/restoreBackup.ts')
  const { manifest, kept } = await orSayWhileInUse(IS_SERVED, restoreBackup(all, { dataDir, root, now: new Date() }))
  const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0)
  const keyText =
    manifest.hasKey || config.SECRET_KEY !== undefined ? '' : '\nThe backup has no key: set SECRET_KEY to the one that it was made with.'
  const keptText = kept.length === 0 ? '' : `\nKept: ${kept.join(', ')}. Remove them when all is well.`
  await output.result(
    { madeAt: manifest.madeAt, rows, hasKey: manifest.hasKey, kept },
    `Restored ${counted(rows, 'row')} of ${manifest.madeAt}.${keptText}${keyText}`,
  )
  return exitCodes.done
}

const restoreLines = async (context: SettingsContext, all: AsyncIterable<Uint8Array>): Promise<ExitCode> => {
  const { config, dataDir, root, output, signal } = context
  const log = warningsOnly(output)
  const { openDatabase } = await import('../../db/openDatabase.ts')
  const database = await orSayWhileInUse(IS_SERVED, openDatabase({ dataDir, root, log, ...databaseOptions(config) }))
  try {
    await database.migrate()
    const { createSecretBox } = await import('../../domain/keys/secretBox.ts')
    const { loadSecretKeys } = await import('../../server/secretKey.ts')
    const { restoreEverything } = await import('../../domain/moving/everything/restoreEverything.ts')
    const secretBox = createSecretBox(await loadSecretKeys({ given: config.SECRET_KEY, dataDir, log }), randomBytes)
    const progress = (done: number) => output.progress({ what: 'lines', done })
    const lines = await restoreEverything({ db: database.client, secretBox }, jsonLinesOf(all), progress, signal)
    const rows = Object.values(lines).reduce((sum, count) => sum + count, 0)
    await output.result({ lines }, `Restored ${counted(lines.account ?? 0, 'account')}, ${counted(rows, 'row')} in all.`)
    return exitCodes.done
  } finally {
    await database.close()
  }
}

export const restore = defineCommand<'settings', { readonly file: string }>({
  name: 'restore',
  summary: 'Put a backup back, or read an export of everything into an empty database',
  examples: [
    ['restore vestibule-2026-11-29.tar.gz', 'a backup; the database that is there is kept beside it'],
    ['restore everything.jsonl', 'an export of everything with secrets, into an empty database of either kind'],
  ],
  needs: 'settings',
  asks: true,
  define: (command) => void command.argument('<file>', 'what `backup` or `export all --with-secrets` wrote'),
  async run(context, { file }) {
    await context.fileSize(file)
    const { first, whole } = await peek(context.readFile(file))
    return await (first === GZIP ? restoreArchive(context, whole) : restoreLines(context, whole))
  },
})
