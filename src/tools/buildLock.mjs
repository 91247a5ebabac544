/**
 * One build at a time: `npm start` and `npm test` may be typed side by side. The lock is a file with the process id in it; one
 * whose process is gone, or that is older than any build, is taken away.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './childProcess.mjs'

const path = join(root, 'dist', '.building')
const longest = 15 * 60_000

const take = () => {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

const isDead = () => {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    if (Date.now() - statSync(path).mtimeMs > longest || pid === process.pid) return true
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Runs `work` while nobody else builds. */
export async function exclusively(work) {
  while (!take()) {
    if (isDead()) rmSync(path, { force: true })
    else await sleep(100)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}
