/**
 * Sends and times requests over one open connection, so that only the answer varies. The subjects of a scenario take turns in a new
 * random order each round, so that other load on the machine affects all of them equally.
 */
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Question, Scenario } from './scenarios.ts'

const WARM_UP = 15

export interface Measured {
  readonly subject: string
  /** Milliseconds. */
  readonly times: readonly number[]
  /** The different answers, without what differs between any two. */
  readonly answers: ReadonlySet<string>
}

const readAll = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** An answer without its time and the request's id. */
const plain = ({ statusCode, rawHeaders, headers }: IncomingMessage, body: string): string => {
  const requestId = String(headers['x-request-id'])
  const lines = rawHeaders.map((text) => (text === headers.date ? '<date>' : text))
  return [statusCode, ...lines, body].join('\n').replaceAll(requestId, '<request id>')
}

export const createAsker = (url: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async ({ path, body }: Question): Promise<{ time: number; answer: string }> => {
    const content = Buffer.from(JSON.stringify(body))
    const headers = { 'content-type': 'application/json', 'content-length': content.length }
    const begun = process.hrtime.bigint()
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(new URL(path, url), { method: 'POST', agent, headers }, resolve).once('error', reject).end(content)
    })
    const text = await readAll(response)
    return { time: Number(process.hrtime.bigint() - begun) / 1e6, answer: plain(response, text) }
  }
  return { ask, close: () => agent.destroy() }
}

export type Ask = ReturnType<typeof createAsker>['ask']

const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => [Math.random(), value] as const)
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value)

/** So many samples of every subject of a scenario. */
export async function measure(ask: Ask, { subjects }: Scenario, samples: number): Promise<Measured[]> {
  const measured = subjects.map(({ name, ask: next }) => ({ subject: name, next, times: [] as number[], answers: new Set<string>() }))
  for (let round = -WARM_UP; round < samples; round += 1) {
    for (const { next, times, answers } of shuffled(measured)) {
      const { time, answer } = await ask(next())
      answers.add(answer)
      if (round >= 0) times.push(time)
    }
  }
  return measured
}
