/** The two ends of the socket for commands, over a real socket and real files: bytes, questions, and what neither end may ask of the other. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientSide } from '../../src/cli/clientSide.ts'
import { FileError, WrongUse } from '../../src/cli/exitCodes.ts'
import { createLocalSide } from '../../src/cli/local/localSide.ts'
import { createCallAnswerer } from '../../src/cli/socket/calls.ts'
import { send, takeFrames, toClient, toServer } from '../../src/cli/socket/frames.ts'
import { createRemoteSide, type RemoteSide } from '../../src/cli/socket/remoteSide.ts'
import { socketPlace } from '../../src/cli/socket/socketPath.ts'

const directory = mkdtempSync(join(tmpdir(), 'vestibule-frames-'))
const at = (name: string) => join(directory, name)

let server: Server
let incoming: (socket: Socket) => void
beforeAll(async () => {
  server = createServer((socket) => incoming(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(at('test.sock'), resolve))
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

interface Pair {
  readonly remote: RemoteSide
  /** Of the person. */
  readonly near: Socket
  readonly far: Socket
  /** Removes what the person's side has half written. */
  readonly end: () => Promise<void>
  /** The longest that the buffer of the person's side became. */
  readonly most: () => number
}

/** @param words of the command line */
const pair = async (words: readonly string[], side: ClientSide = createLocalSide(new AbortController().signal)): Promise<Pair> => {
  const arrived = new Promise<Socket>((resolve) => {
    incoming = resolve
  })
  const near = connect(at('test.sock')).on('error', () => undefined)
  const far = await arrived
  const answerer = createCallAnswerer(side, words)
  let most = 0
  takeFrames(near, toClient, (frame) => {
    if (frame.type !== 'call') return
    void answerer.answer(frame.id, frame.name, frame.args).then((answer) => {
      send(near, answer)
      most = Math.max(most, near.writableLength)
    })
  })
  const remote = createRemoteSide(far)
  takeFrames(far, toServer, (frame) => {
    if (frame.type === 'answer' || frame.type === 'refusal') remote.take(frame)
  })
  far.once('close', remote.leave)
  return { remote, near, far, end: answerer.end, most: () => most }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('files through the socket', () => {
  it('are read as they are, a part at a time', async () => {
    const bytes = randomBytes(5_000_001)
    writeFileSync(at('large'), bytes)
    const { remote, near, most } = await pair(['import', at('large')])
    expect(await remote.fileSize(at('large'))).toBe(5_000_001)
    const hash = createHash('sha256')
    let parts = 0
    for await (const part of remote.readFile(at('large'))) {
      hash.update(part)
      parts += 1
    }
    expect([hash.digest('hex'), parts]).toEqual([digest(bytes), 77])
    expect(most()).toBeLessThan(100_000)
    near.destroy()
  })

  it('are written whole, with their mode, and never over another file unless that is asked for', async () => {
    const bytes = randomBytes(300_000)
    const { remote, near } = await pair(['export', `--to=${at('made')}`])
    const file = await remote.writeFile(at('made'), { mode: 0o600 })
    await file.write(bytes)
    expect(readdirSync(directory).filter((name) => name === 'made')).toEqual([])
    await file.close()
    expect(digest(readFileSync(at('made')))).toBe(digest(bytes))
    expect((statSync(at('made')).mode & 0o777).toString(8)).toBe('600')
    await expect(remote.writeFile(at('made'), { mode: 0o600 })).rejects.toThrow(
      new FileError(`${at('made')}: there is such a file already`),
    )
    writeFileSync(at('made.left.jsonl'), 'old')
    const next = await remote.writeFile(at('made.left.jsonl'), { mode: 0o644, replace: true })
    await next.write(Buffer.from('new'))
    await next.close()
    expect(readFileSync(at('made.left.jsonl'), 'utf8')).toBe('new')
    near.destroy()
  })

  it('that are half written are gone when the command ends, or its server does', async () => {
    const { remote, near, far, end } = await pair([at('half'), at('other')])
    const file = await remote.writeFile(at('half'), { mode: 0o600 })
    await file.write(randomBytes(100_000))
    await file.discard()
    const other = await remote.writeFile(at('other'), { mode: 0o600 })
    await other.write(randomBytes(100_000))
    far.destroy()
    await new Promise((resolve) => near.once('close', resolve))
    await end()
    await expect(other.write(randomBytes(10))).rejects.toThrow('interrupted')
    expect(readdirSync(directory).filter((name) => /half|other/.test(name))).toEqual([])
  })

  it('that cannot be read say why', async () => {
    const { remote, near } = await pair([at('nowhere'), directory])
    const read = async (path: string) => {
      for await (const _ of remote.readFile(path)) return
    }
    await expect(read(at('nowhere'))).rejects.toThrow(/nowhere: no such file or directory \(ENOENT\)$/)
    await expect(remote.fileSize(directory)).rejects.toThrow(`${directory}: it is a directory`)
    near.destroy()
  })
})

describe('the side of the person', () => {
  it('opens no file that the command line does not name, and makes none but beside those', async () => {
    writeFileSync(at('secret'), 'secret')
    writeFileSync(at('users.json'), '[]')
    const { remote, near } = await pair(['import', 'wekan', at('users.json'), `--map=${at('map')}`, `${directory}/`])
    const read = async (path: string) => {
      for await (const part of remote.readFile(path)) return String(part)
    }
    const unnamed = 'the server asked for a file that the command line does not name'
    for (const path of [at('secret'), '/etc/passwd', `${at('users.json')}/../secret`]) await expect(read(path)).rejects.toThrow(unnamed)
    await expect(remote.fileSize(at('secret'))).rejects.toThrow(unnamed)
    for (const path of [at('secret'), `${at('users.json')}/../made`, `${at('users.json')}x`, at('users.json.'), at('.bashrc')])
      await expect(remote.writeFile(path, { mode: 0o600 })).rejects.toThrow(unnamed)
    await expect(remote.writeFile(at('users.json'), { mode: 0o600, replace: true })).rejects.toThrow(unnamed)
    const rejected = await remote.writeFile(`${at('users.json')}.rejected.jsonl`, { mode: 0o600 })
    await rejected.close()
    expect(await read(at('users.json'))).toBe('[]')
    near.destroy()
  })

  it('answers no call that it does not know, and keeps few files open', async () => {
    const { remote, near, far } = await pair([at('large')])
    const many = Array.from({ length: 20 }, () => remote.readFile(at('large'))[Symbol.asyncIterator]())
    const opened = await Promise.allSettled(many.map((one) => one.next()))
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(16)
    far.write('{"type":"call","id":1,"name":"execute","args":{}}\n')
    await new Promise((resolve) => near.once('close', resolve))
  })

  it('passes on that nobody can be asked', async () => {
    const nobody = async (): Promise<never> => {
      throw new WrongUse('there is no terminal')
    }
    const { remote, near } = await pair([], { ...createLocalSide(new AbortController().signal), confirm: nobody, askSecret: nobody })
    await expect(remote.confirm('Really?')).rejects.toThrow(new WrongUse('there is no terminal'))
    await expect(remote.askSecret('Password')).rejects.toBeInstanceOf(WrongUse)
    near.destroy()
  })
})

describe('frames', () => {
  const ended = async (bytes: string | Buffer): Promise<boolean> => {
    const { far, near } = await pair([])
    far.on('data', () => undefined)
    near.write(bytes)
    return await Promise.race([
      new Promise<boolean>((resolve) => far.once('close', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
    ]).finally(() => near.destroy())
  }

  it.each([
    ['no JSON', 'hello\n'],
    ['no frame', '{"type":"sudo"}\n'],
    ['an empty line', '\n'],
    ['JSON that is deep', `${'['.repeat(200_000)}\n`],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x0a])],
    ['a line without end', 'x'.repeat(300_000)],
    ['a whole line that is too long', `"${'x'.repeat(270_000)}"\n`],
    ['an answer to what was not asked', '{"type":"answer","id":77,"value":null}\n'],
  ])('end the connection if there is %s', async (_what, bytes) => {
    expect(await ended(bytes)).toBe(true)
  })

  it('may come in pieces, and several at once', async () => {
    const { far, near } = await pair([])
    const taken: unknown[] = []
    const other = await pair([])
    takeFrames(other.far, toServer, (frame) => taken.push(frame))
    for (const byte of '{"type":"abort"}\n{"type":"abort"}\n{"type":"ab') other.near.write(byte)
    other.near.write('ort"}\n')
    await expect.poll(() => taken).toEqual([{ type: 'abort' }, { type: 'abort' }, { type: 'abort' }])
    for (const socket of [far, near, other.near]) socket.destroy()
  })
})

describe('the name of the socket', () => {
  it.skipIf(process.platform !== 'linux')('goes through the open directory where a path is too long for the system', async () => {
    const long = join(directory, 'd'.repeat(120))
    mkdirSync(long)
    const place = await socketPlace(long)
    expect(place.name).toMatch(/^\/proc\/self\/fd\/\d+\/commands\.sock$/)
    const listening = createServer((socket) => socket.end('here'))
    await new Promise<void>((resolve) => listening.listen(place.name, resolve))
    expect(readdirSync(long)).toEqual(['commands.sock'])
    await place.close()
    const again = await socketPlace(long)
    const said = await new Promise((resolve) => connect(again.name ?? '').on('data', (text) => resolve(String(text))))
    expect(said).toBe('here')
    await again.close()
    await new Promise((resolve) => listening.close(resolve))
    expect(await socketPlace('/short')).toMatchObject({ name: '/short/commands.sock' })
  })
})
