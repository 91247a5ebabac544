/**
 * A path of the house's own and the methods that it knows: OPTIONS and HEAD come by themselves, any other method is 405.
 */
import type { Context, Hono } from 'hono'
import { allowOf, optionsAnswer, plainAnswer } from './answers.ts'
import type { Guarded } from './guarded.ts'

export type Env<ReadCaller> = { Bindings: Guarded<ReadCaller> }
export type Answer<ReadCaller> = (context: Context<Env<ReadCaller>>) => Response | Promise<Response>

export const servedBy =
  <ReadCaller>(router: Hono<Env<ReadCaller>>) =>
  (path: string, methods: readonly string[], answer: Answer<ReadCaller>): void => {
    router.all(path, async (context) => {
      const { req, env } = context
      if (req.method === 'OPTIONS') return optionsAnswer(methods)
      if (methods.includes(req.method === 'HEAD' ? 'GET' : req.method)) return await answer(context)
      return plainAnswer(405, 'Method not allowed', env.requestId, { allow: allowOf(methods) })
    })
  }
