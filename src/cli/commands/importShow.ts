/** `vestibule import show RUN`: what an import did, and with which records. */
import { type ImportOutcome, importOutcomes, recordsOfImport, showImport } from '../../domain/moving/importRuns.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { runText } from '../importing/importText.ts'

interface Args {
  readonly run: string
  readonly records?: readonly string[] | true
  readonly noted?: true
}

const outcomesOf = (given: readonly string[]): readonly ImportOutcome[] => {
  const wrong = given.find((outcome) => !(importOutcomes as readonly string[]).includes(outcome))
  if (wrong !== undefined) throw new WrongUse(`--records: must be of ${importOutcomes.join(', ')}`)
  return given as readonly ImportOutcome[]
}

export const importShow = defineCommand<'domain', Args>({
  name: 'import show',
  summary: 'Show what an import did',
  examples: [
    ['import show 3f2a9c1d', 'shows the numbers of the import whose id begins so'],
    ['import show 3f2a9c1d --records rejected skipped', 'lists those records, with their reasons'],
    ['import show 3f2a9c1d --records --noted', 'lists the accounts of which something was left out'],
  ],
  needs: 'domain',
  define: (command) => {
    command
      .argument('<run>', 'the id of the import, or its beginning')
      .option('--records [outcome...]', 'list its records, of all outcomes or of these')
      .option('--noted', 'only those of which something was left out')
  },
  async run({ domain, output }, { run: id, records, noted }) {
    const run = await showImport(domain, id)
    if (records === undefined && noted === undefined) {
      await output.result(run, runText(run))
      return exitCodes.done
    }
    const filter = { ...(Array.isArray(records) ? { outcomes: outcomesOf(records) } : {}), ...(noted === true ? { noted } : {}) }
    for await (const record of recordsOfImport(domain, run.id, filter)) {
      const { number, outcome, userId, reason, notes, undone } = record
      const words = [String(number), outcome, userId, reason, ...notes, undone ? 'undone' : null].filter((word) => word !== null)
      await output.record(record, words.join('  '))
    }
    return exitCodes.done
  },
})
