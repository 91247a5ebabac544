/** Sign-ins with the right password, of 900 accounts in turn, each from its own address and so from a known device. */
import { cycle, type Request } from '../../load/traffic.ts'
import type { Scenario, Subject } from '../measure.ts'
import type { Server, Servers } from '../servers.ts'
import { range, signIns } from '../signIns.ts'

const ACCOUNTS = range(50, 950)

const subject = (name: string, server: Server, signIn: (index: number) => Request): Subject => ({
  name,
  server,
  traffic: async () => cycle(ACCOUNTS.map(signIn), '"token":'),
})

export const limitSignIns = (server: Server): Subject => subject(server.name, server, signIns.limit)
export const graphqlSignIns = (server: Server): Subject => subject('GraphQL signIn', server, signIns.graphql)

export const betterAuthSignIns = (server: Server): Subject => subject(server.name, server, signIns.betterAuth)

export const signIn = ({ ours, limit, betterAuth }: Servers): Scenario => ({
  name: 'Sign-in',
  subjects: [
    limitSignIns(limit),
    graphqlSignIns(ours),
    subject('POST /v1/auth/login', ours, signIns.v1),
    subject('POST /auth/login', ours, signIns.authentication),
    subject('POST /users/login', ours, signIns.wekan),
    ...(betterAuth === undefined ? [] : [betterAuthSignIns(betterAuth)]),
  ],
})
