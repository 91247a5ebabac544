/**
 * What clients were promised: each answer that acknowledges a write is an entry, and so is each request that may have been carried out. After
 * a fault the ledger is compared with what the server says, through its front door.
 */
import { ask, type Given, isLive, isRefusal, LIMIT, rename, signIn, signOut, signUp, type Write } from './requests.ts'

interface Client {
  readonly email: string
  readonly token: string
  /** The numbers of the names that were sent last and acknowledged last. */
  sent: number
  acknowledged: number
}

export interface Tally {
  /** Writes whose answer said that they were carried out. */
  acknowledged: number
  /** 503 in the form of the surface, with `Retry-After`. */
  refused: number
  /** Connections that broke before the answer. */
  unanswered: number
  /** The longest wait for any answer, in ms. */
  longest: number
  /** Acknowledged writes that are not there. */
  readonly lost: string[]
  /** Sessions that were ended and are live. */
  readonly survived: string[]
  /** Answers that are neither what was asked for nor a refusal in the right form and time. */
  readonly wrong: string[]
}

const newTally = (): Tally => ({ acknowledged: 0, refused: 0, unanswered: 0, longest: 0, lost: [], survived: [], wrong: [] })

export interface Ledger {
  /** Writes from so many clients until `stop`, to the servers in turn; a connection that breaks is wrong unless `mayBreak`. */
  load(options: { readonly mayBreak: boolean }): { stop(): Promise<void> }
  /** Compares what was acknowledged since the last time with what a server says. */
  compare(): Promise<void>
  /** Resolves when a write was acknowledged by every server, with the milliseconds that took. */
  recovered(): Promise<number>
  /** What was counted since the last call. */
  take(): Tally
  /** Every token that was ended since the beginning is dead on every server; how many they are. */
  endedStayEnded(): Promise<number>
}

const AT_ONCE = 8
const RECOVERY = 60_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Calls `work` for all items, a few at a time. */
const each = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const left = [...items]
  const next = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

/** `clients` accounts are made at once, the first of which is an administrator. @throws if that fails */
export async function openLedger(bases: () => readonly string[], name: string, clients: number): Promise<Ledger> {
  const baseOf = (turn: number): string => {
    const all = bases()
    return all[turn % all.length] ?? ''
  }
  let tally = newTally()
  let mayBreak = true
  let made = 0
  let accounts: string[] = []
  let live: string[] = []
  const ended: string[] = []
  let endedNow: string[] = []

  const judge = (path: string, given: Given): void => {
    tally.longest = Math.max(tally.longest, given.ms)
    if (given.status === 0 && mayBreak) tally.unanswered += 1
    else if (isRefusal(path, given) && given.ms < LIMIT) tally.refused += 1
    else tally.wrong.push(`${path}: ${given.status} after ${Math.round(given.ms)} ms, ${JSON.stringify(given.body)?.slice(0, 200)}`)
  }

  const write = async <Result>(turn: number, { path, body, token, read }: Write<Result>): Promise<Result | undefined> => {
    const given = await ask(baseOf(turn), path, body, token)
    const result = given.status === 200 || given.status === 201 ? read(given.body) : undefined
    if (result === undefined) judge(path, given)
    else tally.acknowledged += 1
    return result
  }

  const newClient = async (number: number): Promise<Client> => {
    const email = `${name}-${number}@example.com`
    await write(0, signUp(0, email))
    const token = await write(0, signIn(0, email))
    if (token === undefined) throw new Error(`no account could be made: ${tally.wrong.join('; ')}`)
    return { email, token, sent: 0, acknowledged: 0 }
  }
  const first = await newClient(0)
  const all = [first, ...(await Promise.all(Array.from({ length: clients - 1 }, async (_, at) => await newClient(at + 1))))]

  const token = await write(0, signIn(0, first.email))
  if (token !== undefined && (await write(0, signOut(token)))) endedNow.push(token)

  const step = async (client: Client, turn: number): Promise<void> => {
    const kind = turn % 8
    if (kind === 1) {
      made += 1
      const email = `${name}-new-${made}@example.com`
      if (await write(turn, signUp(made, email))) accounts.push(email)
    } else if (kind === 3 || kind === 6) {
      const token = await write(turn, signIn(turn >> 1, client.email))
      if (token !== undefined) live.push(token)
    } else if (kind === 4) {
      const token = live.shift()
      if (token !== undefined && (await write(turn, signOut(token)))) endedNow.push(token)
    } else {
      const number = client.sent + 1
      client.sent = number
      if (await write(turn, rename(`Number ${number}`, client.token))) client.acknowledged = number
    }
  }

  const compareAccounts = async (): Promise<void> => {
    const { status, body } = await ask(baseOf(0), '/v1/users', undefined, first.token)
    if (status !== 200 || !Array.isArray(body)) throw new Error(`the accounts cannot be compared: ${status}`)
    const names = new Map(body.map(({ email, name: given }: { email: string; name: string }) => [email, given]))
    for (const email of accounts) if (!names.has(email)) tally.lost.push(`the account ${email}`)
    for (const { email, sent, acknowledged } of all) {
      const number = Number(/^Number (\d+)$/.exec(names.get(email) ?? '')?.[1] ?? 0)
      if (number < acknowledged || number > sent) tally.lost.push(`the name of ${email}: ${number}, not ${acknowledged} to ${sent}`)
    }
    accounts = []
  }

  const compareSessions = async (): Promise<void> => {
    await each([...live], async (token) => {
      if ((await isLive(baseOf(0), token)) !== true) tally.lost.push(`the session of ${token.slice(0, 12)}`)
    })
    await each(endedNow, async (token) => {
      if ((await isLive(baseOf(1), token)) !== false) tally.survived.push(token.slice(0, 12))
    })
    ended.push(...endedNow)
    endedNow = []
    live = live.slice(-2 * clients)
  }

  return {
    load(options) {
      mayBreak = options.mayBreak
      let isOver = false
      const run = async (client: Client, number: number): Promise<void> => {
        for (let turn = number; !isOver; turn += 1) {
          const before = tally.unanswered + tally.refused
          await step(client, turn)
          if (tally.unanswered + tally.refused > before) await pause(20)
        }
      }
      const running = Promise.all(all.map(run))
      return {
        async stop() {
          isOver = true
          await running
        },
      }
    },
    async compare() {
      await compareAccounts()
      await compareSessions()
    },
    async recovered() {
      const begun = performance.now()
      for (const [at] of bases().entries())
        for (;;) {
          const number = first.sent + 1
          first.sent = number
          if (await write(at, rename(`Number ${number}`, first.token))) {
            first.acknowledged = number
            break
          }
          if (performance.now() - begun > RECOVERY) throw new Error(`no recovery: ${tally.wrong.slice(-3).join('; ')}`)
          await pause(50)
        }
      return performance.now() - begun
    },
    take() {
      const taken = tally
      tally = newTally()
      return taken
    },
    async endedStayEnded() {
      await each(ended, async (token) => {
        for (const base of bases()) if ((await isLive(base, token)) !== false) tally.survived.push(token.slice(0, 12))
      })
      return ended.length
    },
  }
}
