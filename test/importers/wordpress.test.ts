/** Users of a WordPress site of Debian on MariaDB, got out by the query of docs/moving/wordpress.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useWorld } from '../support/world.ts'
import { commandLine, expectedOf, runPrinted } from './origins/commandLine.ts'
import { type MariaDb, startMariaDb } from './origins/mariadb.ts'
import { php } from './origins/programs.ts'
import { run } from './origins/run.ts'
import { getOut } from './origins/runbook.ts'
import { hashOf, type Imported, importFile, signInBy, ways } from './support.ts'

interface Made {
  readonly id: string
  readonly kind: string
  readonly way: string
  readonly username: string
  readonly password: string
  readonly signsInThere: boolean
}

describe.skipIf(!php.has)(`users of WordPress${php.skipped}`, () => {
  const world = useWorld()
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-wordpress-'))
  let database: MariaDb | undefined
  let made: Made[] = []
  let imported: Imported

  beforeAll(async () => {
    database = await startMariaDb(directory)
    const { socket } = database
    // The settings of the client, so that the command can be as it is printed.
    writeFileSync(join(directory, '.my.cnf'), `[client]\nsocket=${socket}\nuser=root\n`)
    await run('mariadb', ['--no-defaults', '-S', socket, '-u', 'root', '-e', 'CREATE DATABASE wordpress'])
    const script = join(import.meta.dirname, 'origins/wordpressSite.php')
    made = JSON.parse(await run('php', [script, socket, ...ways]))
    await getOut('wordpress', directory, { HOME: directory })
    imported = await importFile(world(), 'wordpress', readFileSync(join(directory, 'users.jsonl')), { allowFastHashes: true })
  }, 60_000)
  afterAll(async () => {
    await database?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('all are imported', () => {
    expect(made).toHaveLength(12)
    expect(made.filter(({ signsInThere }) => !signsInThere)).toEqual([])
    expect(imported.left).toEqual([])
    expect(imported.result.created).toBe(13)
  })

  it.each(['phpass', 'wp68', 'md5'])('those with a hash of %s sign in everywhere, also with a quote in the password', async (kind) => {
    const seen = []
    for (const { id, username, way, password } of made.filter((user) => user.kind === kind)) {
      const wrong = await signInBy[way]?.(world(), `${username}@example.com`, password.replace('1', '2'))
      const right = await signInBy[way]?.(world(), `${username}@example.com`, password)
      seen.push({ way, wrong, isSame: right === id, isOurs: (await hashOf(world(), id))?.startsWith('$argon2id$') })
    }
    expect(seen).toEqual(ways.map((way) => ({ way, wrong: undefined, isSame: true, isOurs: true })))
  })

  it('the administrator of the site is one, and names, texts and dates are kept', async () => {
    const { client } = world().db
    const chief = await client.user.findFirst({ where: { username: 'chief' } })
    expect(chief).toMatchObject({ id: '1', email: 'chief@example.com', isAdmin: true })
    expect(await signInBy.wekan?.(world(), 'chief', 'the password of the chief')).toBe('1')
    const editor = await client.user.findFirst({ where: { username: 'phpass-graphql' } })
    expect(editor).toMatchObject({ name: "Zoë O'Neil", bio: 'Two\nlines, "quoted"', isAdmin: false })
    expect(Math.abs(Number(editor?.createdAt) - Date.now())).toBeLessThan(120_000)
  })

  it.skipIf(!commandLine.has)(
    `the commands of the page try, import, show and undo${commandLine.skipped}`,
    async () => {
      const ran = await runPrinted('wordpress', directory)
      expect(ran.map(({ command, code, accounts }) => ({ command, code, accounts }))).toEqual(expectedOf('wordpress', 'users.jsonl', 9, 5))
    },
    60_000,
  )
})
