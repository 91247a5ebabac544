/** Accounts in our own form: `export json` writes what `import json` reads. And what exports say of accounts that they leave out. */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashSync } from 'bcrypt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents } from '../support/cli.ts'
import { type Ran, runWords, useDirectory } from '../support/commands.ts'
import { openWorld, useWorld, type World } from '../support/world.ts'
import { dump, fileOf, importFile } from './support.ts'

const world = useWorld()
const directory = useDirectory()
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')
const later = new Date(Date.now() + 86_400_000_000).toISOString()
const HASH = hashSync('violet otter parade 19', 4)

const ADA = {
  id: 'ada-of-elsewhere',
  username: 'ada',
  email: 'ada@example.org',
  emailVerified: '2020-01-02T03:04:05.000Z',
  firstName: 'Ada King',
  lastName: 'Lovelace',
  phone: '+44 20 7946 0000',
  bio: 'first programmer',
  locale: 'ar',
  isAdmin: true,
  scopes: ['users:read'],
  passwordHash: HASH,
  mustChangePassword: true,
  totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', digits: 8, period: 60, algorithm: 'SHA256' },
  sessions: [
    { tokenHash: sha256('of wekan'), surface: 'wekan', createdAt: '2026-01-01T00:00:00.000Z', expiresAt: later },
    {
      tokenHash: sha256('of xiot'),
      surface: 'xiot',
      createdAt: '2026-01-02T00:00:00.000Z',
      expiresAt: later,
      clientAddress: '192.0.2.1',
      userAgent: 'old app',
    },
  ],
  createdAt: '2015-12-10T09:00:00.000Z',
  updatedAt: '2016-12-10T09:00:00.000Z',
}
const GRACE = { id: 'grace-of-elsewhere', username: 'grace', disabled: true, createdAt: '2015-12-11T09:00:00.000Z' }

let files = 0
/** Runs an export; what it printed, and the lines of the file. */
const exported = async (form: string, ...options: string[]): Promise<Ran & { readonly file: string; readonly text: string }> => {
  files += 1
  const file = join(directory(), `export-${files}`)
  const ran = await runWords(world(), ['export', form, file, '--json', ...options])
  return { ...ran, file, text: await readFile(file, 'utf8').catch(() => '') }
}

describe('accounts in our own form', () => {
  let run = ''
  let other: World
  beforeAll(async () => {
    const { json } = await importFile(world(), await fileOf(directory(), [ADA, GRACE]))
    expect(json).toMatchObject({ created: 2 })
    run = json.runId
    other = await openWorld()
  })
  afterAll(async () => await other.close())

  it('make the same accounts elsewhere, with passwords, second factors and sessions', async () => {
    const { code, json, text, file } = await exported('json', '--with-secrets')
    expect({ code, json }).toMatchObject({
      code: 0,
      json: { written: 2, left: 0, notes: { 'recovery codes, of which there are only hashes': 1 } },
    })
    expect(documents(text)[0]).toEqual({
      ...ADA,
      disabled: false,
      sessions: [
        { ...ADA.sessions[0], lastSeenAt: '2026-01-01T00:00:00.000Z' },
        { ...ADA.sessions[1], lastSeenAt: '2026-01-02T00:00:00.000Z' },
      ],
    })
    expect((await importFile(other, file)).json).toMatchObject({ created: 2, rejected: 0 })
    expect(await dump(other)).toEqual(await dump(world()))
  })

  it('have nothing secret unless it is asked for', async () => {
    const { text } = await exported('json')
    expect(
      documents(text).map((account) => Object.keys(account).filter((key) => ['passwordHash', 'totp', 'sessions'].includes(key))),
    ).toEqual([[], []])
    expect(text).toContain('ada@example.org')
  })

  it('are those that have changed since an import, which the beginning of its id names', async () => {
    expect((await exported('json', '--since', run.slice(0, 8))).text.trim()).toBe('')
    await runWords(world(), ['user', 'enable', 'grace'])
    expect(documents((await exported('json', '--since', run.slice(0, 8))).text)).toMatchObject([{ username: 'grace', disabled: false }])
    expect(await exported('json', '--since', 'ffffffff')).toMatchObject({
      code: 3,
      errors: 'vestibule: there is no import ffffffff\n',
      text: '',
    })
    expect(await exported('json', '--since', 'yesterday')).toMatchObject({
      code: 2,
      errors: 'vestibule: --since: is neither a time such as 2026-11-29T04:00:00Z nor the id of an import\n',
    })
  })

  it('are not read from an export of everything, of which nothing is written', async () => {
    const { file } = await exported('all', '--with-secrets')
    const runs = await other.db.client.importRun.count()
    expect(await importFile(other, file)).toMatchObject({
      code: 2,
      errors:
        'vestibule: this is an export of everything: `vestibule restore` reads it into an empty database, and `vestibule export json` writes accounts for this import\n',
    })
    expect(await other.db.client.importRun.count()).toBe(runs)
  })
})

describe('an account that was merged', () => {
  const here = { id: 'here', username: 'linus', email: 'linus@example.org', emailVerified: true, createdAt: '2020-01-01T00:00:00Z' }
  const there = {
    _id: 'id-in-wekan',
    username: 'linus.there',
    emails: [{ address: here.email, verified: true }],
    createdAt: { $date: '2020-01-01T00:00:00Z' },
    services: { password: { bcrypt: HASH } },
  }

  it('is missing in a file for its origin, and named, with --over and without it; our own form has it', async () => {
    await importFile(world(), await fileOf(directory(), [here]))
    const file = await fileOf(directory(), [there])
    expect((await runWords(world(), ['import', 'wekan', file, '--on-conflict', 'merge', '--json'])).json).toMatchObject({ merged: 1 })
    for (const over of [[], ['--over', file]]) {
      const report = join(directory(), `report-${over.length}`)
      const { code, json, text } = await exported('wekan', '--with-secrets', '--report', report, ...over)
      expect({ over, code, json }).toMatchObject({ code: 5, json: { left: 1, missing: 0 } })
      expect(documents(await readFile(report, 'utf8'))).toContainEqual({
        type: 'left',
        id: 'here',
        reason: expect.stringContaining('merged'),
      })
      expect(text).not.toContain('linus')
    }
    expect((await exported('json')).text).toContain('linus@example.org')
  })

  it('has no report in place of one that is there', async () => {
    const report = join(directory(), 'there')
    await writeFile(report, '')
    expect(await exported('wekan', '--with-secrets', '--report', report)).toMatchObject({
      code: 1,
      errors: `vestibule: ${report}: there is such a file already\n`,
      text: '',
    })
  })
})
