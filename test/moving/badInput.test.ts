/** Files that are damaged, hostile or odd: each record that cannot be imported is reported, all others are imported, and nothing is half-written. */
import { appendFile, open, readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFile as readParts } from '../../src/cli/local/files.ts'
import { admin, unique } from '../support/accounts.ts'
import { runWords, useDirectory } from '../support/commands.ts'
import { useWorld } from '../support/world.ts'
import { fileOf, importFile, rawDump } from './support.ts'

const world = useWorld()
const directory = useDirectory()
beforeAll(async () => {
  await admin(world())
})

const someone = (more: object = {}) => {
  const number = unique()
  return { id: `odd-${number}`, username: `odd${number}`, ...more }
}
const line = (more: object = {}): string => `${JSON.stringify(someone(more))}\n`
const leftIn = async (path: string | null) =>
  path === null
    ? []
    : (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text))

interface Expected {
  readonly created: number
  readonly reasons: readonly (string | RegExp)[]
}

const check = async (text: string | Uint8Array, { created, reasons }: Expected): Promise<void> => {
  const file = await fileOf(directory(), '')
  await appendFile(file, text)
  const { json, code } = await importFile(world(), file)
  expect(json).toMatchObject({ created, rejected: reasons.length, position: created + reasons.length })
  const left = await leftIn(json.rejects)
  expect(left).toHaveLength(reasons.length)
  for (const [at, reason] of reasons.entries()) expect(left[at].reason).toMatch(reason)
  expect(code).toBe(reasons.length === 0 ? 0 : 5)
}

describe('a file', () => {
  it('an empty one has nothing to import', async () => await check('', { created: 0, reasons: [] }))
  it('one of empty lines alone has nothing either', async () => await check('\n \r\n\n', { created: 0, reasons: [] }))
  it('one with a byte order mark and the line ends of Windows is read', async () =>
    await check(`\uFEFF${line().replace('\n', '\r\n')}${line()}`, { created: 2, reasons: [] }))
  it('one whose last line is cut off gives all the others', async () =>
    await check(line() + line() + line().slice(0, 20), { created: 2, reasons: [/cut off/] }))
  it('one whose last line has no end is read to its end', async () => await check(line() + line().trim(), { created: 2, reasons: [] }))
  it('bytes that are not UTF-8 spoil their line alone', async () =>
    await check(Buffer.concat([Buffer.from(line()), Buffer.from('{"username":"\xff\xfe"}\n', 'latin1'), Buffer.from(line())]), {
      created: 2,
      reasons: [/not valid UTF-8/],
    }))
  it('a document of a thousand levels spoils its line alone', async () =>
    await check(`${line()}${'['.repeat(1_000)}${']'.repeat(1_000)}\n${line()}`, { created: 2, reasons: [/levels/] }))
  it.each(['null', '5', '"text"', '[]', 'true'])(
    'a line that is no object is rejected: %s',
    async (text) => await check(`${text}\n${line()}`, { created: 1, reasons: [/object/i] }),
  )

  it('a line of 100 MB is read in little memory, and the lines after it are imported', async () => {
    const file = await fileOf(directory(), line())
    const handle = await open(file, 'a')
    const part = Buffer.alloc(1_000_000, 'x')
    for (let at = 0; at < 100; at += 1) await handle.write(part)
    await handle.write(`\n${line()}`)
    await handle.close()
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    const { json } = await importFile(world(), file)
    expect(json).toMatchObject({ created: 2, rejected: 1 })
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
  })

  it('what is written to its end while it is read is left for the next import', async () => {
    const file = await fileOf(
      directory(),
      Array.from({ length: 600 }, () => someone()),
    )
    let grown = false
    const onProgress = () => {
      if (!grown) void appendFile(file, line() + line())
      grown = true
    }
    const { out, errors, code } = await runWords(world(), ['import', 'json', file], { onProgress })
    expect([code, grown]).toEqual([0, true])
    expect(out).toContain('600  created')
    expect(errors).toContain('has changed while it was read: import it again')
    expect((await importFile(world(), file)).json).toMatchObject({ created: 2, unchanged: 600 })
  })

  it('one that is not there, or is a directory, is one line on standard error', async () => {
    for (const path of [`${directory()}/nothing.jsonl`, directory()]) {
      const { code, out, errors } = await importFile(world(), path)
      expect([code, out]).toEqual([1, ''])
      expect(errors).toMatch(/^vestibule: .+\n$/)
    }
  })

  it('is never replaced by the file of what is left out', async () => {
    const file = await fileOf(directory(), line())
    expect((await importFile(world(), file, ['--rejects', file])).code).toBe(2)
    const other = await fileOf(directory(), 'precious')
    expect((await importFile(world(), file, ['--rejects', other])).code).toBe(1)
    let text = ''
    for await (const part of readParts(other)) text += Buffer.from(part).toString()
    expect(text).toBe('precious')
  })
})

const surrogate = '\\ud800'

describe('a record', () => {
  it.each<[string, object, string | RegExp]>([
    ['a date out of range', { createdAt: '12026-01-01T00:00:00Z' }, /createdAt/],
    ['a date before all', { createdAt: -1e17 }, /createdAt/],
    ['a date that is none', { createdAt: '2026-02-30T00:00:00Z' }, /createdAt/],
    ['a date without a zone', { createdAt: '2026-01-01T00:00:00' }, /createdAt/],
    ['bcrypt of an absurd cost', { passwordHash: `$2b$31$${'a'.repeat(53)}` }, /at most 2000 ms/],
    ['argon2 of 100 GB', { passwordHash: `$argon2id$v=19$m=99999999,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}` }, /passwordHash/],
    ['10^9 iterations', { passwordHash: `pbkdf2_sha256$999999999$salt$${'A'.repeat(43)}=` }, /at most 2000 ms/],
    ['scrypt of much memory', { passwordHash: `$scrypt$ln=30,r=8,p=1$AAAA$${'A'.repeat(43)}` }, /memory/],
    ['a hash of no known form', { passwordHash: 'hunter2' }, 'the form of the hash is unknown'],
    ['a fast hash', { passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' }, '--allow-fast-hashes'],
    ['an id of another type', { id: 5 }, /^id /],
    ['a field that is unknown', { passwort: 'x' }, /passwort/],
    ['an unknown scope', { scopes: ['everything'] }, /scopes/],
    ['NUL in a name', { name: 'a\u0000b' }, /name/],
    ['a username of invisible white space', { username: '\u2003 \u3000' }, /username/],
    ['too long a username', { username: 'x'.repeat(400) }, /username/],
    ['no name at all', { id: undefined, username: undefined }, /needs an id/],
    ['a token that is no hash', { sessions: [{ tokenHash: 'x', surface: 'wekan', createdAt: 0, expiresAt: 1 }] }, /tokenHash/],
    ['a secret that is no base32', { totp: { secret: '!!!!!!!!!!!!' } }, /totp/],
  ])('with %s is rejected, and the report has nothing secret', async (_what, wrong, reason) => {
    const { passwordHash } = wrong as { passwordHash?: string }
    const file = await fileOf(directory(), [someone(wrong), someone()])
    const { json, out } = await importFile(world(), file)
    expect(json).toMatchObject({ created: 1, rejected: 1 })
    const [left] = await leftIn(json.rejects)
    expect(left.reason).toMatch(reason)
    for (const text of [out, left.reason]) if (passwordHash !== undefined) expect(text).not.toContain(passwordHash)
  })

  it('half a character of UTF-16 is rejected', async () =>
    await check(`{"username":"a${surrogate}b"}\n`, { created: 0, reasons: [/well-formed/] }))

  it('of two with the same id, or the same address in another case, the first is imported', async () => {
    const one = { ...someone(), email: `Twin${unique()}@Example.org` }
    const records = [
      one,
      { ...someone(), id: one.id },
      { ...someone(), email: one.email.toUpperCase() },
      { ...someone(), email: ` ${one.email.toLowerCase()} ` },
    ]
    const { json } = await importFile(world(), await fileOf(directory(), records))
    expect(json).toMatchObject({ created: 1, skipped: 3, rejected: 0 })
    expect((await leftIn(json.rejects)).map(({ reason }) => reason)).toEqual([
      'an account has this id',
      'another account has this e-mail address',
      'another account has this e-mail address',
    ])
  })

  it('of two sessions with one token, one account gets it', async () => {
    const sessions = [
      { token: `shared ${unique()}`, surface: 'wekan', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' },
    ]
    const { json } = await importFile(world(), await fileOf(directory(), [someone({ sessions }), someone({ sessions })]))
    expect(json).toMatchObject({ created: 2, notes: { 'sessions whose token is in use already were left out': 1 } })
  })

  it('a thousand hostile records in one file change nothing but what they may', async () => {
    const before = await rawDump(world())
    const hostile = Array.from({ length: 1_000 }, (_, at) => ({ id: at % 2 === 0 ? {} : '', username: ['x'], passwordHash: '$2b$31$' }))
    const { json } = await importFile(world(), await fileOf(directory(), hostile))
    expect(json).toMatchObject({ created: 0, rejected: 1_000, runId: null })
    expect(await rawDump(world())).toBe(before)
  })
})
