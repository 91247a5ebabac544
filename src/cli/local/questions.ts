/** Questions at the terminal, on standard error, so that standard output has only results. */
import { createInterface } from 'node:readline'
import { Interrupted, WrongUse } from '../exitCodes.ts'
import { printTo } from './streams.ts'

const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** A longer line is no answer. */
const LONGEST = 4_096

/** The first line of standard input, without its end. @throws {WrongUse} if there is none, or it is too long */
const readLine = async (): Promise<string> => {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin as AsyncIterable<string>) {
    text += chunk
    if (text.includes('\n') || text.length > LONGEST) break
  }
  const line = text.split('\n', 1)[0]?.replace(/\r$/, '') ?? ''
  if (line === '') throw new WrongUse('nothing was given on standard input')
  if (line.length > LONGEST) throw new WrongUse('the line on standard input is too long')
  return line
}

/** Only `y` and `yes` mean yes. @throws {WrongUse} without a terminal */
export const confirm = async (question: string, signal: AbortSignal): Promise<boolean> => {
  if (!canAsk()) throw new WrongUse(`${question} There is no terminal to ask: say it with --yes`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const interrupted = (): void => {
        process.stderr.write('\n')
        reject(new Interrupted())
      }
      signal.addEventListener('abort', interrupted, { once: true })
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT')).once('close', () => resolve(false))
      lines.question(`${question} [y/N] `, (answer) => resolve(/^\s*y(es)?\s*$/i.test(answer)))
    })
  } finally {
    lines.close()
  }
}

/** What is typed, without showing it. */
const readHidden = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const { stdin } = process
    let typed: string[] = []
    const interrupted = (): void => end(() => reject(new Interrupted()))
    const end = (then: () => void): void => {
      signal.removeEventListener('abort', interrupted)
      stdin.setRawMode(false).pause().off('data', take)
      process.stderr.write('\n')
      then()
    }
    const take = (chunk: string): void => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') {
          end(() => resolve(typed.join('')))
          return
        }
        if (key === '\u0003' || key === '\u0004') {
          interrupted()
          return
        }
        if (key === '\u007f' || key === '\b') typed.pop()
        else if (key === '\u0015') typed = []
        else if (key >= ' ' && typed.length < LONGEST) typed.push(key)
      }
    }
    signal.addEventListener('abort', interrupted)
    stdin.setRawMode(true).setEncoding('utf8').resume().on('data', take)
  })

/** Twice, until both are the same; three times at most. Without a terminal, the first line of standard input. @throws {WrongUse} */
export const askSecret = async (question: string, signal: AbortSignal): Promise<string> => {
  if (!canAsk()) return await readLine()
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await printTo(process.stderr, `${question}: `)
    const secret = await readHidden(signal)
    await printTo(process.stderr, `${question}, again: `)
    if ((await readHidden(signal)) === secret) return secret
    await printTo(process.stderr, 'These were not the same.\n')
  }
  throw new WrongUse('the same was never given twice')
}
