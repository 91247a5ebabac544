/** The limit of GraphQL over graphql-yoga: a schema of one field with a constant answer, without a database. */
import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'

const me = { id: 'user0000001', name: 'Person 0000001', email: 'user0000001@example.com' }
const typeDefs = 'type User { id: ID! name: String! email: String! } type Query { me: User }'
const schema = createSchema({ typeDefs, resolvers: { Query: { me: () => me } } })
const yoga = createYoga({ logging: false, graphiql: false, landingPage: false, schema })

const server = createServer(yoga).listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, msg: 'ready' })}\n`)
})
