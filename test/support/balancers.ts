/**
 * Debian's nginx, HAProxy and Caddy with the configurations for operators, ops/nginx.conf, ops/haproxy.cfg and ops/Caddyfile, as they are but for the port, the
 * servers and the certificate, which they get here.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './postgresServer.ts'

const NGINX = '/usr/sbin/nginx'
const HAPROXY = '/usr/sbin/haproxy'
const CADDY = '/usr/bin/caddy'
const OPENSSL = '/usr/bin/openssl'

export const hasBalancers = [NGINX, HAPROXY, OPENSSL].every((binary) => existsSync(binary))
/** For the name of a test that cannot run without them. */
export const withoutBalancers = hasBalancers
  ? ''
  : ' (skipped: nginx, HAProxy or openssl is missing; apt-get install nginx haproxy openssl)'

export const hasCaddy = hasBalancers && existsSync(CADDY)

export interface Balancer {
  readonly port: number
  /** Its certificate, for accounts.example.com. */
  readonly ca: string
  stop(): Promise<void>
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const makeCertificate = (home: string): string => {
  const name = ['-subj', '/CN=accounts.example.com', '-addext', 'subjectAltName=DNS:accounts.example.com']
  const files = ['-keyout', join(home, 'accounts.key'), '-out', join(home, 'accounts.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync(OPENSSL, ['req', '-x509', '-days', '2', ...key, ...name, ...files], { stdio: 'pipe' })
  const [certificate, secret] = ['accounts.pem', 'accounts.key'].map((file) => readFileSync(join(home, file), 'utf8'))
  writeFileSync(join(home, 'accounts-with-key.pem'), `${certificate}${secret}`)
  return certificate ?? ''
}

/** The file for operators, with values for texts that it has exactly once. */
const sampleWith = (file: string, values: readonly (readonly [string, string])[]): string =>
  values.reduce(
    (text, [sampled, value]) => {
      if (text.split(sampled).length !== 2) throw new Error(`ops/${file} does not have ${sampled} once`)
      return text.replace(sampled, value)
    },
    readFileSync(new URL(`../../ops/${file}`, import.meta.url), 'utf8'),
  )

const start = async (begin: (home: string, port: number) => ChildProcess): Promise<Balancer> => {
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'vestibule-balancer-'))
  chmodSync(home, 0o755)
  const ca = makeCertificate(home)
  const child = begin(home, port)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
  })
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`it does not listen: ${said}`)
    await sleep(50)
  }
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => {
        rmSync(home, { recursive: true, force: true })
        resolve()
      })
      child.kill('SIGTERM')
    })
  return { port, ca, stop }
}

const serversIn = ([one, two]: readonly [number, number], end: string) =>
  [
    [`127.0.0.1:4000${end}`, `127.0.0.1:${one}${end}`],
    [`127.0.0.1:4001${end}`, `127.0.0.1:${two}${end}`],
  ] as const

/** In front of two servers on these ports of this machine. */
export const startNginx = (servers: readonly [number, number]): Promise<Balancer> =>
  start((home, port) => {
    const site = sampleWith('nginx.conf', [
      ...serversIn(servers, ';'),
      ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
      ['/etc/ssl/accounts.pem', join(home, 'accounts.pem')],
      ['/etc/ssl/accounts.key', join(home, 'accounts.key')],
    ])
    writeFileSync(join(home, 'vestibule.conf'), site)
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${home}/${what};`)
    const main = `daemon off; worker_processes 2; pid ${home}/pid; error_log stderr;
      events { worker_connections 512; }
      http { access_log off; ${places.join(' ')} include ${home}/vestibule.conf; }`
    writeFileSync(join(home, 'nginx.conf'), main)
    return spawn(NGINX, ['-p', home, '-c', join(home, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] })
  })

/** In front of two servers on these ports of this machine. */
export const startHaproxy = (servers: readonly [number, number]): Promise<Balancer> =>
  start((home, port) => {
    const file = sampleWith('haproxy.cfg', [
      ...serversIn(servers, ''),
      // Only root can become another user.
      ...(process.getuid?.() === 0 ? [] : ([['  user haproxy\n  group haproxy\n', '']] as const)),
      ['bind :443', `bind 127.0.0.1:${port}`],
      ['/etc/ssl/accounts-with-key.pem', join(home, 'accounts-with-key.pem')],
    ])
    writeFileSync(join(home, 'haproxy.cfg'), file)
    return spawn(HAPROXY, ['-db', '-f', join(home, 'haproxy.cfg')], { stdio: ['ignore', 'ignore', 'pipe'] })
  })

/** In front of two servers on these ports of this machine. Its own storage, without certificates of an authority. */
export const startCaddy = (servers: readonly [number, number]): Promise<Balancer> =>
  start((home, port) => {
    const site = sampleWith('Caddyfile', [
      ['127.0.0.1:4000 127.0.0.1:4001', `127.0.0.1:${servers[0]} 127.0.0.1:${servers[1]}`],
      ['accounts.example.com {', `https://accounts.example.com:${port} {\n\ttls ${home}/accounts.pem ${home}/accounts.key`],
    ])
    writeFileSync(join(home, 'Caddyfile'), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`)
    const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home }
    return spawn(CADDY, ['run', '--adapter', 'caddyfile', '--config', join(home, 'Caddyfile')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  })
