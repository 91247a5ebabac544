/** `vestibule export all` writes everything as lines of JSON, which `vestibule restore` reads (docs/moving/export.md). */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { intoFile } from '../intoFile.ts'
import { counted } from '../wording.ts'

interface Args {
  readonly file: string
  readonly withSecrets?: true
}

export const exportAll = defineCommand<'domain', Args>({
  name: 'export all',
  summary: 'Write everything as lines of JSON',
  examples: [
    ['export all everything.jsonl --with-secrets', 'all there is; `restore` makes the same database of it'],
    ['export all people.jsonl', 'without passwords, tokens and second factors'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<file>', 'a new file, or - for standard output')
      .option('--with-secrets', 'also password hashes, tokens, second factors and keys, in the clear: guard the file as the database'),
  async run({ domain, database, output, signal, ...files }, { file, withSecrets = false }) {
    const { exportEverything } = await import('../../domain/moving/everything/exportEverything.ts')
    let lost = 0
    const lines = await intoFile(
      files,
      file,
      async ({ text }) =>
        await database.snapshot(async (db) => {
          const listener = {
            progress: (done: number) => output.progress({ what: 'rows', done }),
            lost: () => {
              lost += 1
            },
          }
          return await exportEverything({ ...domain, db }, { withSecrets, signal }, text, listener)
        }),
    )
    if (lost > 0) await output.note(`Left out, because they were encrypted with another SECRET_KEY: ${counted(lost, 'secret')}.`)
    const summary = { file, withSecrets, lines, lost }
    const rows = Object.values(lines).reduce((all, count) => all + count, 0)
    const said = `Wrote ${counted(lines.account ?? 0, 'account')}, ${counted(rows, 'row')} in all, to ${file}.`
    if (file === '-') await output.note(said)
    else await output.result(summary, said)
    return lost > 0 ? exitCodes.inPart : exitCodes.done
  },
})
