/**
 * How long a pooler lends a server: for a session (as without a pooler), or for a transaction. In transaction mode nothing is taken to last
 * longer than a transaction: no settings, names of statements, locks or pipelines. It needs no pooler, but costs PostgreSQL more work.
 */
export type PoolerMode = 'session' | 'transaction'
