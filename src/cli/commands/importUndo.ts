/** `vestibule import undo RUN` takes an import back. */
import { defineCommand } from '../command.ts'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { grouped } from '../wording.ts'

interface Kept {
  readonly number: number
  readonly userId: string
  readonly reason: string
}

/** So many are in the result; `import show RUN --records` lists all that were not undone. */
const MOST_SHOWN = 1_000

export const importUndo = defineCommand<'domain', { readonly run: string }>({
  name: 'import undo',
  summary: 'Take an import back, but for what has changed since',
  examples: [
    ['import undo 3f2a9c1d', 'deletes the accounts that it made, and empties what it filled in others'],
    ['import undo 3f2a9c1d --yes --json', 'does not ask, and prints what was kept'],
  ],
  needs: 'domain',
  asks: true,
  define: (command) => {
    command.argument('<run>', 'the id of the import, or its beginning')
  },
  async run({ domain, caller, output, signal, confirm }, { run: id }): Promise<ExitCode> {
    const { showImport } = await import('../../domain/moving/importRuns.ts')
    const run = await showImport(domain, id)
    const question = `Take back the import of ${run.source}, which made ${grouped(run.created)} accounts and filled ${grouped(run.merged)}?`
    if (!(await confirm(question))) return exitCodes.refused
    const kept: Kept[] = []
    const listener = {
      kept(number: number, userId: string, reason: string) {
        if (kept.length < MOST_SHOWN) kept.push({ number, userId, reason })
      },
      progress: (done: number) => output.progress({ what: 'accounts', done, of: run.created + run.merged }),
    }
    const { undoImport } = await import('../../domain/moving/undoImport.ts')
    const result = await undoImport(domain, caller, run.id, listener, signal)
    const lines = [
      `${grouped(result.deleted)} accounts deleted, ${grouped(result.emptied)} emptied of what the import filled, ${grouped(result.kept)} kept`,
      ...kept.map(({ number, userId, reason }) => `  record ${number}, account ${userId}: ${reason}`),
      ...(result.kept > kept.length ? [`  and ${grouped(result.kept - kept.length)} more`] : []),
      ...(result.interrupted ? ['It was interrupted: the same command goes on with it'] : []),
    ]
    await output.result({ ...result, accounts: kept }, lines.join('\n'))
    if (result.interrupted) return exitCodes.failed
    return result.kept > 0 ? exitCodes.inPart : exitCodes.done
  },
})
