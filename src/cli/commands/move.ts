/** `vestibule move` copies the embedded database into an empty PostgreSQL (docs/moving/embedded-to-postgresql.md). */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseOptions } from '../../db/databaseOptions.ts'
import { patientWaits, waitsOf } from '../../db/waits.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { warningsOnly } from '../warningsOnly.ts'
import { orSayWhileInUse } from '../whileInUse.ts'
import { counted } from '../wording.ts'

const IS_SERVED = 'Stop the server first: what people change while it is copied would be lost'

export const move = defineCommand<'settings', { readonly to: string }>({
  name: 'move',
  summary: 'Copy the embedded database into an empty PostgreSQL',
  examples: [
    ['move --to postgresql://vestibule@db.example.com/vestibule', 'the password comes from ~/.pgpass or PGPASSWORD'],
    ['move --to -', 'asks for the URL, or reads it as the first line of standard input'],
  ],
  needs: 'settings',
  define: (command) => void command.requiredOption('--to <url>', 'of the database, as in DATABASE_URL; - to be asked for it'),
  async run({ config, dataDir, root, output, signal, askSecret }, { to }) {
    if (config.DATABASE_URL !== undefined) throw new WrongUse('DATABASE_URL is set: the database is PostgreSQL already')
    const log = warningsOnly(output)
    const { openExisting } = await import('../opening.ts')
    const source = await orSayWhileInUse(IS_SERVED, openExisting({ config, dataDir, root, log }))
    try {
      await source.migrate()
      const url = to === '-' ? await askSecret('URL of the database') : to
      if (!/^postgres(?:ql)?:\/\//.test(url)) throw new WrongUse('--to: must begin with postgresql://')
      const { openDatabase } = await import('../../db/openDatabase.ts')
      const target = await openDatabase({ dataDir, root, log, ...databaseOptions(config), url, waits: patientWaits(waitsOf(config)) })
      try {
        await target.migrate()
        const { copyDatabase } = await import('../../db/copyDatabase.ts')
        const sums = await copyDatabase(source, target, { progress: (done, of) => output.progress({ what: 'rows', done, of }) }, signal)
        const rows = Object.values(sums).reduce((all, table) => all + table.rows, 0)
        const hasKeyFile = config.SECRET_KEY === undefined && existsSync(join(dataDir, 'secret.key'))
        const settings = [
          'DATABASE_URL to the URL of --to',
          ...(hasKeyFile ? [`SECRET_KEY to what is in ${join(dataDir, 'secret.key')}`] : []),
        ]
        await output.result(
          { tables: sums, rows },
          `Copied ${counted(rows, 'row')} in ${Object.keys(sums).length} tables, and compared them.\nNow set ${settings.join(', and ')}, and start the server.\n${join(dataDir, 'pglite')} is as it was: remove it when all is well.`,
        )
        return exitCodes.done
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  },
})
