/** The commands of a page of docs/moving, which a test runs as they are printed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../support/database.ts'
import { run } from './run.ts'

const pageOf = (origin: string): string => readFileSync(join(root, 'docs/moving', `${origin}.md`), 'utf8')

/** What stands below a heading, up to the next one of its level. */
const sectionOf = (page: string, start: string): string => page.split(/^## /m).find((section) => section.startsWith(start)) ?? ''

/** The blocks of a language, in the section that begins with `start`. */
export const blocksOf = (origin: string, start: string, language: string): string[] =>
  [...sectionOf(pageOf(origin), start).matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  )

/** Runs the commands that get the file out of the origin. @throws if one fails, or there is none */
export const getOut = async (origin: string, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
  const blocks = blocksOf(origin, '1. ', 'sh')
  if (blocks.length === 0) throw new Error(`docs/moving/${origin}.md has no commands`)
  for (const block of blocks) await run('sh', ['-euc', block], { cwd, env })
}

/** The SQL that a command reads from its standard input. */
export const sqlOf = (origin: string): string => {
  const sql = blocksOf(origin, '1. ', 'sh').flatMap((block) => /<<'SQL'\n(.*?)^SQL$/ms.exec(block)?.[1] ?? [])
  if (sql.length === 0) throw new Error(`docs/moving/${origin}.md has no query`)
  return sql[0] ?? ''
}
