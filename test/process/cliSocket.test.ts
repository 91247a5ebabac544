/**
 * The socket of a running server: who may use it, what is done with a socket that a killed server left, what hostile and lost clients can do,
 * and how commands at a terminal ask. One server, and one before it that is killed.
 */
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLI, type Cli, cliIn, systemEnv } from '../support/cli.ts'
import { killAll, logLines, type Program, startProgram } from '../support/program.ts'
import { hasTmux, openTerminal, type Terminal, withoutTmux } from '../support/terminal.ts'

const PASSWORD = 'violet otter parade 19'

let directory: string
let socketFile: string
let cli: Cli
let program: Program
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-socket-'))
  socketFile = join(directory, 'data', 'commands.sock')
  cli = cliIn(directory)
  program = startProgram(directory)
  await program.ready()
})
afterAll(async () => {
  await killAll()
  rmSync(directory, { recursive: true, force: true })
})

const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8)

test('a server that was killed leaves a socket that keeps nobody from anything', async () => {
  expect([lstatSync(socketFile).isSocket(), modeOf(socketFile)]).toEqual([true, '600'])
  program.signal('SIGKILL')
  await program.exit
  expect(existsSync(socketFile)).toBe(true)
  // The command opens the database itself.
  expect(await cli(['user', 'create', '--username', 'root', '--admin', '--json'], { input: PASSWORD })).toMatchObject({
    code: 0,
    errors: '',
  })
  program = startProgram(directory)
  await program.ready()
  expect(modeOf(socketFile)).toBe('600')
  expect(existsSync(join(directory, 'data', 'commands.new'))).toBe(false)
  expect(await cli(['user', 'create', '--username', 'ada', '--json'], { input: PASSWORD })).toMatchObject({ code: 0, errors: '' })
})

interface Talk {
  readonly socket: Socket
  readonly said: () => string
  /** Resolves when the server has closed it. */
  readonly closed: Promise<void>
}

const talk = (...frames: (object | string)[]): Talk => {
  const socket = connect(socketFile).on('error', () => undefined)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  for (const frame of frames) socket.write(typeof frame === 'string' ? frame : `${JSON.stringify(frame)}\n`)
  return { socket, said: () => text, closed: new Promise((resolve) => socket.once('close', () => resolve())) }
}
const run = (...words: string[]) => ({ type: 'run', protocol: 1, words })

describe('a hostile client', () => {
  test('is cut off, and the server serves on', async () => {
    const hostile = [
      talk('hello\n'),
      talk('x'.repeat(300_000)),
      talk(`${'['.repeat(200_000)}\n`),
      talk({ type: 'answer', id: 1, value: true }),
      talk(run('user', 'delete', 'ada'), run('user', 'delete', 'ada')),
      talk({ type: 'run', protocol: 1, words: Array.from({ length: 300 }, () => 'x') }),
    ]
    await Promise.all(hostile.map(({ closed }) => closed))
    // Who says nothing has two seconds.
    const silent = talk()
    const begun = Date.now()
    await silent.closed
    expect(Date.now() - begun).toBeGreaterThan(1_500)
    expect(silent.said()).toBe('')
    expect(await cli(['user', 'show', 'ada', '--json'])).toMatchObject({ code: 0, errors: '' })
  })

  test('gets no command that is not for a server, and none of another version', async () => {
    const answered = async (talking: Talk): Promise<string> => {
      await expect.poll(talking.said).toContain('\n')
      const { id, args } = JSON.parse(talking.said().split('\n')[0] ?? '')
      talking.socket.write(`${JSON.stringify({ type: 'answer', id, value: null })}\n`)
      await talking.closed
      return `${args.text}${talking.said().split('\n')[1]}`
    }
    expect(await answered(talk(run('migrate')))).toBe('vestibule: migrate does not run in the server\n{"type":"exit","code":2}')
    expect(await answered(talk(run('serve')))).toBe('vestibule: unknown command \'serve\'\n{"type":"exit","code":2}')
    expect(await answered(talk(run('user', 'show', 'a\0b')))).toMatch(/^vestibule: No account has .*\n\{"type":"exit","code":3\}$/)
    expect(await answered(talk({ ...run('usage'), protocol: 2 }))).toBe(
      'vestibule: the server is of another version than this command: restart it\n{"type":"exit","code":2}',
    )
  })

  test('can take all eight places, but not for longer than it stays', async () => {
    const asked = Array.from({ length: 8 }, () => talk(run('user', 'delete', 'ada')))
    for (const { said } of asked) await expect.poll(said).toContain('"name":"confirm"')
    expect(await cli(['user', 'list'])).toEqual({
      code: 1,
      out: '',
      errors: 'vestibule: the server went away, or takes no more commands now; what it had done by then is done\n',
    })
    for (const { socket } of asked) socket.destroy()
    await expect.poll(async () => (await cli(['user', 'list'])).code).toBe(0)
    expect((await cli(['user', 'show', 'ada'])).code).toBe(0)
  })
})

test('a hostile server gets no file of the person, and cannot make one', async () => {
  const data = mkdtempSync(join(tmpdir(), 'vestibule-hostile-'))
  const answers: string[] = []
  const server = createServer((socket) => {
    for (const [id, name, args] of [
      [1, 'open', { path: '/etc/passwd' }],
      [2, 'create', { path: join(data, 'made'), mode: 0o600, replace: true }],
      [3, 'open', { path: 'ada' }],
    ])
      socket.write(`${JSON.stringify({ type: 'call', id, name, args })}\n`)
    socket.setEncoding('utf8').on('data', (text: string) => {
      answers.push(...text.split('\n').filter((line) => line.includes('"id"')))
      if (answers.length >= 3) socket.end('{"type":"exit","code":0}\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(join(data, 'commands.sock'), resolve))
  expect(await cli(['user', 'show', 'ada'], { env: { DATA_DIR: data } })).toEqual({ code: 0, out: '', errors: '' })
  await new Promise((resolve) => server.close(resolve))
  expect(answers.map((answer) => JSON.parse(answer) as { id: number; type: string }).sort((a, b) => a.id - b.id)).toMatchObject([
    { id: 1, type: 'refusal', message: expect.stringContaining('does not name') },
    { id: 2, type: 'refusal', message: expect.stringContaining('does not name') },
    { id: 3, type: 'answer' },
  ])
  expect(existsSync(join(data, 'made'))).toBe(false)
  rmSync(data, { recursive: true })
})

test('a reader that goes away, such as head, is no failure, and the log names commands but no words of them', async () => {
  const child = cli.start(['user', 'list', '--json'])
  child.stdout?.destroy()
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
  const ran = logLines(program.out()).filter(({ msg }) => msg === 'ran a command')
  expect(ran.map(({ command, exitCode }) => [command, exitCode])).toContainEqual(['user create', 0])
  expect(program.out()).not.toContain('ada')
})

describe.skipIf(!hasTmux)(`at a terminal${withoutTmux}`, () => {
  let terminal: Terminal
  beforeAll(() => {
    terminal = openTerminal(directory)
  })
  afterAll(() => terminal.close())
  const at = (line: string) => terminal.at(line)
  const type = (text: string, ...keys: string[]) => terminal.type(text, ...keys)
  const shows = async (pattern: RegExp) => await terminal.shows(pattern)

  test('what destroys is asked, and only yes means yes', async () => {
    at('vestibule user delete ada')
    await shows(/Delete the account ada \(\S+\) with all its data\? \[y\/N\] *$/m)
    type('', 'Enter')
    await shows(/^Nothing was changed\.\nended with 4$/m)
    at('vestibule user delete ada')
    await shows(/\[y\/N\] *$/m)
    type('', 'C-c')
    await shows(/^vestibule: interrupted\nended with 1$/m)
    expect((await cli(['user', 'show', 'ada'])).code).toBe(0)
  })

  test('a password is asked twice and not shown', async () => {
    at('vestibule user set-password ada')
    await shows(/^Password: *$/m)
    type('one otter parade 21', 'Enter')
    await shows(/^Password, again: *$/m)
    type('two otter parade 22', 'Enter')
    await shows(/^These were not the same\.\nPassword: *$/m)
    type('one otter parade 2x', 'BSpace')
    type('1', 'Enter')
    await shows(/same\.\nPassword: *\nPassword, again: *$/m)
    type('one otter parade 21', 'Enter')
    await shows(/^The password of ada \(\S+\) is set, and all sessions have ended\.\nended with 0$/m)
    expect(terminal.screen()).not.toContain('otter')
  })

  test('yes deletes it', async () => {
    at('vestibule user delete ada')
    await shows(/\[y\/N\] *$/m)
    type('yes', 'Enter')
    await shows(/^Deleted ada \(\S+\)\.\nended with 0$/m)
    expect((await cli(['user', 'show', 'ada'])).code).toBe(3)
  })
})

test('a server that stops takes its socket along, and interrupts what runs', async () => {
  const waiting = talk(run('user', 'delete', 'root'))
  await expect.poll(waiting.said).toContain('"name":"confirm"')
  program.signal('SIGTERM')
  expect(await program.exit).toEqual({ code: 0, signal: null })
  expect(existsSync(socketFile)).toBe(false)
  expect(program.errors()).toBe('')
  const child = spawn(process.execPath, [CLI, 'user', 'list', '--json'], { cwd: directory, env: systemEnv(), stdio: 'ignore' })
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
})
