/** `vestibule backup` backs the embedded database up while it is in use, and reads the backup back (docs/backup.md). */
import { StartupError } from '../../db/startupError.ts'
import { withTemporaryDirectory } from '../../db/temporaryDirectory.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { intoFile } from '../intoFile.ts'
import { counted } from '../wording.ts'

interface Args {
  readonly file: string
  /** False with --no-key. */
  readonly key: boolean
}

const PG_DUMP = 'pg_dump --format=custom --file=vestibule.dump "$DATABASE_URL"'

export const backup = defineCommand<'database', Args>({
  name: 'backup',
  summary: 'Back the embedded database up, while the server runs',
  examples: [
    ['backup vestibule-2026-11-29.tar.gz', 'the database, and the key in DATA_DIR if there is one'],
    ['backup vestibule.tar.gz --no-key', 'without the key, which is then kept elsewhere'],
  ],
  needs: 'database',
  define: (command) => void command.argument('<file>', 'a new file').option('--no-key', 'leave out secret.key'),
  async run({ database, dataDir, root, output, signal, ...files }, { file, key }) {
    if (database.files === undefined)
      throw new StartupError(`The database is PostgreSQL, which has its own backups: ${PG_DUMP}. Keep SECRET_KEY with it`)
    if (file === '-') throw new WrongUse('a backup is read back, so it needs a file')
    const [{ writeBackup }, { checkBackup }] = await Promise.all([
      import('../../db/backup/writeBackup.ts'),
      import('../../db/backup/checkBackup.ts'),
    ])
    const options = { files: database.files, dataDir, withoutKey: !key, now: new Date(), signal }
    let stoodStill = 0
    let bytes = 0
    const manifest = await intoFile(
      files,
      file,
      async (target) =>
        await writeBackup(
          options,
          async (part) => {
            bytes += part.length
            output.progress({ what: 'bytes', done: bytes })
            await target.bytes(part)
          },
          (ms) => {
            stoodStill = ms
          },
        ),
    )
    await output.note('Reading it back ...')
    await withTemporaryDirectory(dataDir, async (directory) => await checkBackup(files.readFile(file), directory, { root })).catch(
      (error: unknown) => {
        throw new StartupError(`${file} is no good backup, do not keep it: ${(error as Error).message}`, { cause: error })
      },
    )
    const rows = Object.values(manifest.tables).reduce((all, table) => all + table.rows, 0)
    const keyText = manifest.hasKey ? 'with the key of DATA_DIR: guard the file' : 'without a key: keep SECRET_KEY elsewhere'
    await output.result(
      { file, bytes, rows, hasKey: manifest.hasKey, stoodStillMs: stoodStill },
      `Wrote ${file}, and read it back: ${counted(rows, 'row')} in ${Object.keys(manifest.tables).length} tables, ${keyText}. The database stood still for ${stoodStill} ms.`,
    )
    return exitCodes.done
  },
})
