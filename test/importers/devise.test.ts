/** Users that Devise of Debian made, with and without a pepper, got out by the script of docs/moving/devise.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totp } from '../support/accounts.ts'
import { isFullSize } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'
import { commandLine, expectedOf, runPrinted } from './origins/commandLine.ts'
import { ruby } from './origins/programs.ts'
import { run } from './origins/run.ts'
import { blocksOf, getOut } from './origins/runbook.ts'
import { type Imported, importFile, signInBy, signInWithCode, ways } from './support.ts'

interface Made {
  readonly id: string
  readonly way: string
  readonly email: string
  readonly password: string
  readonly signsInThere: boolean
}

describe
  .skipIf(!ruby.has)
  .each([
    ...(isFullSize ? [{ name: 'without a pepper', pepper: undefined }] : []),
    { name: 'with a pepper', pepper: 'ein Körnchen, 40 Zeichen' },
  ])(`users of Devise $name${ruby.skipped}`, ({ pepper }) => {
  const world = useWorld()
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-devise-'))
  let made: Made[] = []
  let imported: Imported

  beforeAll(async () => {
    const env: Readonly<Record<string, string>> = pepper === undefined ? {} : { PEPPER: pepper }
    const script = join(import.meta.dirname, 'origins/deviseUsers.rb')
    made = JSON.parse(await run('ruby', [script, directory, ...ways], { env }))
    writeFileSync(join(directory, 'export_users.rb'), blocksOf('devise', '1. ', 'ruby').join('\n'))
    await getOut('devise', directory, env)
    const options: Readonly<Record<string, string>> = pepper === undefined ? {} : { pepper }
    imported = await importFile(world(), 'devise', readFileSync(join(directory, 'users.jsonl')), { options })
  }, 60_000)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('all are imported', () => {
    expect(made.map(({ signsInThere }) => signsInThere)).toEqual([true, true, true, true])
    expect(imported.left).toEqual([])
    expect(imported.result.created).toBe(7)
  })

  it('they sign in everywhere by their password', async () => {
    const seen = []
    for (const { id, email, way, password } of made) {
      const wrong = await signInBy[way]?.(world(), email, `${password}?`)
      seen.push({ way, wrong, isSame: (await signInBy[way]?.(world(), email, password)) === id })
    }
    expect(seen).toEqual(ways.map((way) => ({ way, wrong: undefined, isSame: true })))
  })

  it('who was confirmed is, who was locked is disabled, and administrators are', async () => {
    const found = await world().db.client.user.findMany({
      where: { email: { in: ['graphql@devise.example', 'chief@devise.example', 'locked@devise.example'] } },
      orderBy: { seq: 'asc' },
    })
    expect(
      found.map(({ email, name, isAdmin, loginDisabled, emailVerifiedAt }) => [
        email,
        name,
        isAdmin,
        loginDisabled,
        emailVerifiedAt !== null,
      ]),
    ).toEqual([
      ['graphql@devise.example', 'Ada Lovelace', false, false, true],
      ['chief@devise.example', 'chief', true, false, false],
      ['locked@devise.example', 'locked', false, true, false],
    ])
  })

  it('an authenticator app goes on', async () => {
    const answer = await signInWithCode(world(), 'two@devise.example', 'the password of two', totp('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'))
    expect(answer.token).toMatch(/^sess_/)
  })

  it.skipIf(!commandLine.has)(
    `the commands of the page try, import, show and undo${commandLine.skipped}`,
    async () => {
      const ran = await runPrinted('devise', directory, pepper === undefined ? {} : { DEVISE_PEPPER: pepper })
      expect(ran.map(({ command, code, accounts }) => ({ command, code, accounts }))).toEqual(expectedOf('devise', 'users.jsonl', 7, 0))
    },
    60_000,
  )
})
