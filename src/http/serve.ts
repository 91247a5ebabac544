/**
 * A path of the server's own and the methods that it knows: OPTIONS and HEAD come by themselves, any other method is 405.
 */
import type { Context, Hono } from 'hono'
import { allowOf, optionsAnswer, plainAnswer } from './answers.ts'
import type { Guarded } from './guarded.ts'

export type Env = { Bindings: Guarded }
export type Answer = (context: Context<Env>) => Response | Promise<Response>

export const servedBy =
  (router: Hono<Env>) =>
  (path: string, methods: readonly string[], answer: Answer): void => {
    router.all(path, async (context) => {
      const { req, env } = context
      if (req.method === 'OPTIONS') return optionsAnswer(methods)
      if (methods.includes(req.method === 'HEAD' ? 'GET' : req.method)) return await answer(context)
      return plainAnswer(405, 'Method not allowed', env.facts.requestId, { allow: allowOf(methods) })
    })
  }
