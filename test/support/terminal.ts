/** A terminal in which `vestibule` runs as a person sees it: a pane of tmux, with what is typed and what stands on the screen. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { CLI, systemEnv } from './cli.ts'

export const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export const withoutTmux = hasTmux ? '' : ' (skipped: there is no tmux; apt-get install tmux)'

export interface Terminal {
  readonly screen: () => string
  /** Types a text, and then keys by their names in tmux. */
  readonly type: (text: string, ...keys: string[]) => void
  /** Types a command line at the prompt of a new screen; when it has ended, the screen shows `ended with` and its exit code. */
  readonly at: (line: string) => void
  readonly shows: (pattern: RegExp) => Promise<void>
  /** The same as `at`; types each answer when the screen ends with its question. @returns the exit code, and what the screen shows */
  readonly run: (
    line: string,
    answers?: readonly (readonly [question: RegExp, answer: string])[],
  ) => Promise<{ code: number; screen: string }>
  readonly close: () => void
}

const running = new Set<() => void>()

/** Closes each that a test left behind. */
export const closeTerminals = (): void => {
  for (const close of running) close()
}

/** @param settings of every command */
export function openTerminal(directory: string, settings: Readonly<Record<string, string>> = {}): Terminal {
  const name = `vestibule-${randomBytes(6).toString('hex')}`
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', name, ...args], { encoding: 'utf8', env: { ...systemEnv(), ...settings, TERM: 'xterm' } })
  const screen = () => tmux('capture-pane', '-p', '-t', name)
  const type = (text: string, ...keys: string[]): void => {
    if (text !== '') tmux('send-keys', '-t', name, '-l', text)
    for (const key of keys) tmux('send-keys', '-t', name, key)
  }
  const at = (line: string): void => {
    tmux('send-keys', '-t', name, '-R')
    tmux('clear-history', '-t', name)
    type(`clear; ${line}; echo "ended with $?"`, 'Enter')
  }
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', name, '-x', '150', '-y', '50', `cd ${directory} && PS1='$ ' exec sh -i`)
  type(`vestibule() { ${process.execPath} ${CLI} "$@"; }`, 'Enter')
  const close = (): void => {
    if (running.delete(close)) tmux('kill-server')
  }
  running.add(close)
  return {
    screen,
    type,
    at,
    shows: async (pattern) => await expect.poll(screen, { timeout: 20_000 }).toMatch(pattern),
    async run(line, answers = []) {
      at(line)
      let answered = 0
      for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
        const shown = screen()
        const code = /^ended with (\d+)$/m.exec(shown)?.[1]
        if (code !== undefined) return { code: Number(code), screen: shown }
        const next = answers[answered]
        if (next?.[0].test(shown.trimEnd()) !== true) continue
        answered += 1
        if (next[1] === 'C-c') type('', 'C-c')
        else type(next[1], 'Enter')
      }
      throw new Error(`${line} has not ended: ${screen()}`)
    },
    close,
  }
}
