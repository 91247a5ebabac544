/**
 * Work for nobody, against the whole program: many documents are pipelined over a few connections, and these are broken off. The server
 * answers others soon after, its probes all the while, and its memory is that of a few documents.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { useProgramDatabase } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'

const storage = useProgramDatabase()
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-pipelines-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Some 6 KB that take tens of milliseconds to parse and validate, each another one. */
const documentOf = (mark: string): string => `{ me { ${mark}: id ${Array.from({ length: 640 }, (_, at) => `a${at}:id`).join(' ')} } }`

const requestOf = (mark: string): string => {
  const body = JSON.stringify({ query: documentOf(mark) })
  return `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

const flood = (base: string, connections: number, requests: number): Socket[] =>
  Array.from({ length: connections }, (_, connection) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    socket.on('error', () => undefined)
    for (let index = 0; index < requests; index += 1) socket.write(requestOf(`c${connection}i${index}`))
    return socket
  })

const took = async (url: string): Promise<number> => {
  const begun = performance.now()
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  expect(response.status).toBe(200)
  await response.arrayBuffer()
  return performance.now() - begun
}

/** In ms. The documents that are sent would take minutes; other tests may run beside. */
const SOON = 20_000

/** What the process holds, in MB. */
const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

test('10 connections with 200 documents each, broken off after 0.3 s: others are answered within seconds', async () => {
  const program = startProgram(directory, { ...storage(), NODE_ENV: 'production' })
  const base = await program.ready()
  const quiet = await took(`${base}/graphql?query=%7B__typename%7D`)
  const sockets = flood(base, 10, 200)
  await delay(300)
  for (const socket of sockets) socket.resetAndDestroy()
  const next = await took(`${base}/graphql?query=%7B__typename%7D`)
  await delay(1_000)
  const later = await took(`${base}/graphql?query=%7B__typename%7D`)
  process.stdout.write(
    `pipelines: ${Math.round(quiet)} ms when quiet, ${Math.round(next)} ms after the reset, ${Math.round(later)} ms a second later\n`,
  )
  expect(next).toBeLessThan(SOON)
  expect(later).toBeLessThan(SOON)
})

test.skipIf(process.platform !== 'linux')('50 connections with 300 documents each: probes are answered, memory is bounded', async () => {
  const program = startProgram(directory, { ...storage(), NODE_ENV: 'production' })
  const base = await program.ready()
  const before = residentMb(program.pid)
  const sockets = flood(base, 50, 300)
  await delay(300)
  const times: number[] = []
  for (let round = 0; round < 10; round += 1) {
    times.push(await took(`${base}/healthz`))
    await delay(200)
  }
  times.push(await took(`${base}/readyz`))
  const grown = residentMb(program.pid) - before
  for (const socket of sockets) socket.resetAndDestroy()
  const slowest = Math.round(Math.max(...times))
  process.stdout.write(`pipelines: the slowest probe took ${slowest} ms, memory grew by ${Math.round(grown)} MB\n`)
  expect(slowest).toBeLessThan(SOON)
  expect(grown).toBeLessThan(350)
})
