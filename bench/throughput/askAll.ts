/** The answers to requests that prepare a measurement: sign-ins, and the cursors of pages. */
import { type Answer, openConnection } from '../load/connection.ts'
import { bytesOf, checkAnswer, type Request } from '../load/traffic.ts'

const AT_ONCE = 4

/** The answers to some requests, in their order. @throws unless each is 200 */
export async function askAll<T>(url: string, requests: readonly Request[]): Promise<T[]> {
  const answers: T[] = []
  const askSome = async (from: number): Promise<void> => {
    const connection = openConnection(Number(new URL(url).port))
    try {
      for (let index = from; index < requests.length; index += AT_ONCE) {
        const answer = await connection.ask(bytesOf(requests[index] as Request))
        checkAnswer(answer, '')
        answers[index] = JSON.parse(answer.body.toString())
      }
    } finally {
      connection.close()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, from) => askSome(from)))
  return answers
}

/** The answer to one request, over a new connection. @throws unless it is 200 */
export async function askOne(url: string, request: Buffer): Promise<Answer> {
  const connection = openConnection(Number(new URL(url).port))
  const answer = await connection.ask(request).finally(() => connection.close())
  checkAnswer(answer, '')
  return answer
}
