/** `vestibule import list`: the runs of imports. */
import { listImports } from '../../domain/moving/importRuns.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { runLine } from '../importing/importText.ts'

const PAGE = 100

export const importList = defineCommand<'domain', { readonly limit: string }>({
  name: 'import list',
  summary: 'List the imports, the newest first',
  examples: [
    ['import list', 'lists the last 100'],
    ['import list --json', 'prints each as a line of JSON'],
  ],
  needs: 'domain',
  define: (command) => {
    command.option('--limit <number>', 'how many', '100')
  },
  async run({ domain, output }, { limit }) {
    const most = Number(limit)
    if (!Number.isInteger(most) || most < 1) throw new WrongUse('--limit: must be a whole number from 1 on')
    for (let skip = 0; skip < most; skip += PAGE) {
      const runs = await listImports(domain, { limit: Math.min(PAGE, most - skip), skip })
      for (const run of runs) await output.record(run, runLine(run))
      if (runs.length < PAGE) break
    }
    return exitCodes.done
  },
})
