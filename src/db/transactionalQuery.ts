/**
 * Statements behind a pooler that lends a server for one transaction only, so that nothing set before is there: each transaction brings
 * its own settings. Those of a single statement are sent in front of it, in the same packet and the same implicit transaction (PostgreSQL
 * 55.2.3: it ends at Sync); those of BEGIN follow it in the same message. So neither takes a further round trip, and nothing remains on
 * the server. No statement has a name.
 *
 * Each transaction also tells whether its server accepts writes, since it may be another one than that of the transaction before.
 */
import pg from 'pg'
import { readOnly, type TransactionSettings } from './databaseSession.ts'

/** What `pg` does not declare, and its own class uses. */
interface Wire {
  query(text: string): void
  parse(message: { readonly text: string; readonly name: string }): void
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly unknown[] }): void
  execute(message: { readonly portal: string }): void
}

interface OwnQuery {
  text: string
  name: string | undefined
  queryMode: string | undefined
  values: unknown[] | undefined
  callback: ((error: Error | null, result?: unknown) => void) | undefined
  submit(connection: Wire): Error | null
  prepare(connection: Wire): void
  handleRowDescription(message: unknown): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  handleCommandComplete(message: unknown, connection: Wire): void
  handleReadyForQuery(connection: Wire): void
  handleError(error: Error, connection: Wire): void
}

const Base = pg.Query as unknown as new (...args: unknown[]) => OwnQuery

const BEGIN = /^\s*(?:begin|start transaction)\s*;?\s*$/i

/** Whose answer comes next: of the settings before the statement, of the statement, of those after BEGIN. */
type Phase = 'before' | 'statement' | 'after'

class TransactionalQuery extends Base {
  private phase: Phase = 'statement'
  private isReadOnly = false
  private readonly client: pg.Client
  private readonly settings: TransactionSettings

  constructor(client: pg.Client, settings: TransactionSettings, args: readonly unknown[]) {
    super(...args)
    this.client = client
    this.settings = settings
    this.name = undefined
  }

  private isOutside(): boolean {
    return this.client.getTransactionStatus() === 'I'
  }

  override submit(connection: Wire): Error | null {
    if (!this.isOutside()) return super.submit(connection)
    if (BEGIN.test(this.text)) {
      connection.query(this.settings.begin)
      return null
    }
    this.phase = 'before'
    this.queryMode = 'extended'
    return super.submit(connection)
  }

  override prepare(connection: Wire): void {
    if (this.phase === 'before') {
      connection.parse({ text: this.settings.select, name: '' })
      connection.bind({ portal: '', statement: '', values: [] })
      connection.execute({ portal: '' })
    }
    super.prepare(connection)
  }

  override handleRowDescription(message: unknown): void {
    if (this.phase === 'statement') super.handleRowDescription(message)
  }

  override handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (this.phase === 'statement') super.handleDataRow(message)
    else this.isReadOnly ||= message.fields[0] === 'on'
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.phase === 'before') {
      this.phase = 'statement'
      return
    }
    if (this.phase === 'statement') super.handleCommandComplete(message, connection)
    if (BEGIN.test(this.text)) this.phase = 'after'
  }

  override handleReadyForQuery(connection: Wire): void {
    if (this.isReadOnly && !this.settings.mayBeStandby) this.handleError(readOnly(), connection)
    else super.handleReadyForQuery(connection)
  }
}

/** What `query` of a connection does, but for a connection whose transactions need these settings. Not for pipelined ones. */
export function transactionalQueries(client: pg.Client, settings: TransactionSettings): (...args: unknown[]) => unknown {
  const send = client.query.bind(client) as (query: unknown) => unknown
  return (...args) => {
    const query = new TransactionalQuery(client, settings, args)
    if (query.callback !== undefined) return void send(query)
    return new Promise((resolve, reject) => {
      query.callback = (error, result) => (error ? reject(error) : resolve(result))
      send(query)
    })
  }
}
