/**
 * PGlite with prepared statements, as Prisma's adapter asks for it. PGlite itself parses every query anew and takes six messages
 * for it, each a call of its own; here a query is parsed once, and is one message from then on. That halves the time of a query.
 */
import { messages, type PGlite, protocol } from '@electric-sql/pglite'
import { statementNames } from './statementNames.ts'
import { inStatement } from './statementSpan.ts'

type Message = messages.BackendMessage
type Parse = (text: string, type: number) => unknown

interface Options {
  readonly parsers?: Readonly<Record<number, Parse>>
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

interface Statement {
  readonly name: string
  /** The types of its parameters, by their OID. */
  readonly types: readonly number[]
  readonly fields: readonly Field[]
  readonly parses: readonly (Parse | undefined)[]
}

interface Result {
  readonly rows: readonly unknown[][]
  readonly fields: readonly Field[]
  readonly affectedRows: number
}

interface Queries {
  query(sql: string, values?: readonly unknown[], options?: Options): Promise<Result>
}

interface Transaction extends Queries {
  rollback(): Promise<void>
}

/** What the adapter uses of a PGlite. */
interface PreparedPglite extends Queries {
  exec: PGlite['exec']
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
}

const { serialize } = protocol

const find = <T extends Message>(answers: readonly Message[], kind: abstract new (...args: never[]) => T): T | undefined =>
  answers.find((answer): answer is T => answer instanceof kind)

/** The number of rows that a command changed, by its tag. */
const affectedRows = (tag: string): number => Number(/^(?:INSERT|UPDATE|DELETE|COPY|MERGE)\b.* (\d+)$/.exec(tag)?.[1] ?? 0)

/** Sends messages as one. @throws {DatabaseError} the first error that is answered */
const send = async (pglite: PGlite, ...parts: Uint8Array[]): Promise<Message[]> => {
  const answers: Message[] = []
  const parser = new protocol.Parser()
  const onRawData = (bytes: Uint8Array) => parser.parse(bytes, (answer) => answers.push(answer))
  // Neither memory nor a directory has anything to be synced.
  await pglite.execProtocolRawStream(Buffer.concat(parts), { syncToFs: false, onRawData })
  const error = find(answers, messages.DatabaseError)
  if (error !== undefined) throw error
  return answers
}

const prepare = async (pglite: PGlite, name: string, sql: string, { parsers = {} }: Options): Promise<Statement> => {
  const parts = [serialize.parse({ name, text: sql }), serialize.describe({ type: 'S', name }), serialize.sync()]
  const answers = await send(pglite, ...parts)
  const fields = find(answers, messages.RowDescriptionMessage)?.fields ?? []
  const parseOf = ({ dataTypeID: type }: Field) => parsers[type] ?? (pglite.parsers[type] as Parse)
  return {
    name,
    types: find(answers, messages.ParameterDescriptionMessage)?.dataTypeIDs ?? [],
    fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    parses: fields.map(parseOf),
  }
}

const serializeValue = (pglite: PGlite, value: unknown, type: number | undefined): string | null => {
  if (value === null || value === undefined) return null
  return (type === undefined ? undefined : pglite.serializers[type])?.(value) ?? String(value)
}

const execute = async (pglite: PGlite, { name, types, fields, parses }: Statement, given: readonly unknown[]): Promise<Result> => {
  const values = given.map((value, at) => serializeValue(pglite, value, types[at]))
  const answers = await send(pglite, serialize.bind({ statement: name, values }), serialize.execute(), serialize.sync())
  const read = (text: string | null, at: number) => (text === null ? null : (parses[at]?.(text, fields[at]?.dataTypeID ?? 0) ?? text))
  const rows = answers.flatMap((answer) => (answer instanceof messages.DataRowMessage ? [answer.fields.map(read)] : []))
  return { rows, fields, affectedRows: affectedRows(find(answers, messages.CommandCompleteMessage)?.text ?? '') }
}

/** Every row comes as an array. */
export function withPreparedStatements(pglite: PGlite): PreparedPglite {
  const nameOf = statementNames()
  const prepared = new Map<string, Statement>()
  const query = (sql: string, values: readonly unknown[] = [], options: Options = {}): Promise<Result> =>
    inStatement(sql, () =>
      pglite._runExclusiveQuery(async () => {
        const name = nameOf({ sql, args: values })
        const statement = prepared.get(name) ?? (await prepare(pglite, name, sql, options))
        if (name !== '') prepared.set(name, statement)
        return await execute(pglite, statement, values)
      }),
    )
  const command = (sql: string) => inStatement(sql, () => pglite._runExclusiveQuery(() => send(pglite, serialize.query(sql))))
  return {
    exec: pglite.exec.bind(pglite),
    async query(...args) {
      await pglite._checkReady()
      return await pglite._runExclusiveTransaction(() => query(...args))
    },
    async transaction(work) {
      await pglite._checkReady()
      return await pglite._runExclusiveTransaction(async () => {
        await command('BEGIN')
        let isOpen = true
        const requireOpen = () => {
          if (!isOpen) throw new Error('Transaction is closed')
        }
        const rollback = async () => {
          requireOpen()
          isOpen = false
          await command('ROLLBACK')
        }
        try {
          const result = await work({
            async query(...args) {
              requireOpen()
              return await query(...args)
            },
            rollback,
          })
          if (!isOpen) return result
          isOpen = false
          await command('COMMIT')
          return result
        } catch (error) {
          if (isOpen) await rollback()
          throw error
        }
      })
    },
  }
}
