/**
 * The texts of the GraphQL documents of the pages. A server that runs only persisted documents accepts these too, so that the pages and
 * the links in mails work there.
 */
import account from '../web/account/persisted.json' with { type: 'json' }
import admin from '../web/admin/persisted.json' with { type: 'json' }
import visitor from '../web/visitor/persisted.json' with { type: 'json' }

export const persistedDocuments: readonly string[] = [visitor, account, admin].flatMap((texts) => Object.values(texts))
