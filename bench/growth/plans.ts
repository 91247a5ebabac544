/** The plans of the statements of a question, as PostgreSQL's module auto_explain logs them. */
import { openConnection } from '../load/connection.ts'
import type { Question } from './questions.ts'

/** Makes new connections to a database log the plan of every statement, with what it read. */
export const explaining = (database: string): string[] =>
  [
    "session_preload_libraries = 'auto_explain'",
    'auto_explain.log_min_duration = 0',
    'auto_explain.log_analyze = on',
    'auto_explain.log_buffers = on',
  ].map((setting) => `ALTER DATABASE ${database} SET ${setting}`)

/** The statements of a log, each with its plan; those about transactions have none. */
export const plansIn = (log: string): string[] =>
  log
    .split(/^(?=\S)/m)
    .filter((entry) => /LOG: {2}duration: [\d.]+ ms {2}plan:/.test(entry))
    .map((entry) => {
      const lines = entry.trimEnd().split('\n').slice(1)
      return lines.map((line) => line.replace(/^\t/, '')).join('\n')
    })

/** Asks twice, and takes the plans of the second time, even if there is no answer. Statements of the server's own jobs may be among them. */
export async function plansOf(url: string, { traffic }: Question, takeLog: () => Promise<string>): Promise<string[]> {
  const connection = openConnection(Number(new URL(url).port))
  const ask = (): Promise<unknown> => connection.ask(traffic.next(0)).catch(() => undefined)
  try {
    await ask()
    await takeLog()
    await ask()
    return plansIn(await takeLog())
  } finally {
    connection.close()
  }
}
