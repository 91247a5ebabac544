/** The queue of hashes: who waits has a turn after one job of everybody else, and nobody's jobs are more than their share. */
import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/domain/base/errors.ts'
import { createFairQueue } from '../../src/domain/hashing/fairQueue.ts'

const bounds = { atOnce: 1, inAll: 12, forClient: 6, forAccount: 3 }

/** A queue of whose jobs one is done at each step, in the order that it chooses. */
const setup = (given = bounds) => {
  const queue = createFairQueue(given)
  const order: string[] = []
  const steps: (() => void)[] = []
  const run = (client: string, account = 'a', name = `${client}${account}`, weight = 1) =>
    queue
      .run({ client, account, weight }, async () => {
        order.push(name)
        await new Promise<void>((resolve) => steps.push(resolve))
        return 'done'
      })
      .catch((failure: unknown) => (failure instanceof Failure ? `${failure.code} ${failure.details.retryAfter}` : String(failure)))
  const settle = async () => await new Promise((resolve) => setImmediate(resolve))
  const finish = async () => {
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
      step()
      await settle()
    }
  }
  return { run, order, finish, settle, underWay: () => steps.length }
}

describe('a fair queue', () => {
  it('a fair queue takes clients in turn, whoever came first with however many', async () => {
    const { run, order, finish } = setup()
    const all = ['x1', 'x2', 'x3', 'x4'].map((name) => run('x', name, name))
    all.push(run('y', 'a', 'y1'), run('y', 'b', 'y2'), run('z', 'a', 'z1'))
    await finish()
    expect(order).toEqual(['x1', 'x2', 'y1', 'z1', 'x3', 'y2', 'x4'])
    expect(await Promise.all(all)).toEqual(Array(7).fill('done'))
  })

  it('a fair queue takes the accounts of a client in turn', async () => {
    const { run, order, finish } = setup()
    for (const name of ['1', '2', '3']) void run('x', 'a', `a${name}`)
    void run('x', 'b', 'b1')
    void run('x', 'c', 'c1')
    await finish()
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3'])
  })

  it('a fair queue refuses an account beyond its share at a client, and the client beyond its own, to come again in two seconds', async () => {
    const { run, finish } = setup()
    const all = Array.from({ length: 5 }, () => run('x'))
    all.push(...Array.from({ length: 4 }, () => run('x', 'b')), run('x', 'c'), run('y'))
    await finish()
    const [done, tooMany] = ['done', 'TOO_MANY_REQUESTS 2']
    expect(await Promise.all(all)).toEqual([done, done, done, done, tooMany, done, done, done, tooMany, tooMany, done])
  })

  it('a fair queue counts a job by its work: of dear ones, fewer may wait, but always one', async () => {
    const { run, finish } = setup()
    const dear = (client: string, account: string) => run(client, account, client, 4)
    const all = [dear('x', 'a'), dear('x', 'a'), dear('x', 'a'), dear('x', 'b'), dear('x', 'c'), dear('y', 'a'), dear('z', 'a'), run('w')]
    await finish()
    // The first one runs at once. Of x two may wait; with that of y the queue is full, so x gives up one for z, and the other for w.
    const [done, tooMany, overloaded] = ['done', 'TOO_MANY_REQUESTS 2', 'OVERLOADED 2']
    expect(await Promise.all(all)).toEqual([done, overloaded, tooMany, overloaded, tooMany, done, done, done])
  })

  it('a fair queue gives up the newest job of whoever waits most for a client that waits less', async () => {
    const { run, order, finish } = setup()
    const [first, ...xs] = ['0', '1', '2', '3', '4', '5', '6'].map((name) => run('x', `${Number(name) % 3}`, `x${name}`))
    const ys = ['1', '2', '3', '4', '5', '6'].map((name) => run('y', `${Number(name) % 3}`, `y${name}`))
    const z = run('z')
    const zs = ['b', 'c'].map((account) => run('z', account))
    await finish()
    const refused = (all: string[]) => all.filter((one) => one === 'OVERLOADED 2').length
    expect(await first).toBe('done')
    expect(await z).toBe('done')
    expect(await Promise.all(zs)).toEqual(['done', 'done'])
    expect([refused(await Promise.all(xs)), refused(await Promise.all(ys))]).toEqual([2, 1])
    expect(order).toHaveLength(13)
  })

  it('a fair queue is full for who would wait as long as the others', async () => {
    const { run, finish } = setup({ ...bounds, inAll: 3 })
    const all = ['w', 'x', 'y', 'z', 'v'].map((client) => run(client))
    await finish()
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done', 'done', 'OVERLOADED 2'])
  })

  it('a fair queue runs as many at once as it may, and goes on after one that fails', async () => {
    const { run, underWay, settle, finish } = setup({ ...bounds, atOnce: 2 })
    const all = ['x', 'y', 'z'].map((client) => run(client))
    await settle()
    expect(underWay()).toBe(2)
    await finish()
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done'])
    const queue = createFairQueue(bounds)
    const bad = () => queue.run({ client: 'x', account: 'a' }, () => Promise.reject(new Error('bad')))
    const failures = await Promise.allSettled([bad(), bad(), bad()])
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })

  it('a fair queue that may hold nothing runs nothing', async () => {
    expect(await setup({ ...bounds, inAll: 0 }).run('x')).toBe('OVERLOADED 2')
  })
})

it('a job that has waited for ten seconds is refused as overload, and leaves its place', async () => {
  vi.useFakeTimers()
  try {
    const queue = createFairQueue({ atOnce: 1, inAll: 1, forClient: 1, forAccount: 1 })
    let end = (): void => undefined
    const first = queue.run({ client: 'a', account: 'x' }, async () => await new Promise<void>((resolve) => (end = resolve)))
    const second = queue.run({ client: 'a', account: 'x' }, async () => 'never')
    const refused = expect(second).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfter: 2 } })
    await vi.advanceTimersByTimeAsync(10_000)
    await refused
    expect(queue.load()).toEqual({ running: 1, waiting: 0, limit: 1 })
    const third = queue.run({ client: 'a', account: 'x' }, async () => 'done')
    end()
    await first
    expect(await third).toBe('done')
  } finally {
    vi.useRealTimers()
  }
})
