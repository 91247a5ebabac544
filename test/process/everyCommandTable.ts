/** Every command with its exit codes at a terminal and with `--json`, and what cannot be done, with what is said of it. */

export const PASSWORD = 'violet otter parade 19'
const YES = [/\[y\/N\]$/, 'yes'] as const
const TWICE = [[/^Password:$/m, PASSWORD] as const, [/^Password, again:$/m, PASSWORD] as const]

/** Who runs it: `t` at the terminal, `j` with `--json`. `{who}` is their account, `{session}`, `{token}` and `{run}` are what lists and imports before printed. */
export type Who = 't' | 'j'
export type Row = readonly [
  line: string,
  atTerminal: number,
  withJson: number,
  answers?: readonly (readonly [question: RegExp, answer: string])[],
]

/** One of each kind of file; the command is the same for all origins. */
export const IMPORTS: readonly (readonly [origin: string, content: string, options?: string])[] = [
  ['wekan', '{"_id":"wekan-{who}","username":"wekan-{who}"}\n'],
  ['django', '[{"model":"auth.user","pk":{number},"fields":{"username":"django-{who}","password":"!"}}]'],
  ['csv', 'Login\ncsv-{who}\n', '--map username=Login'],
]

export const BESIDE_A_SERVER: readonly Row[] = [
  ['doctor', 0, 0],
  ['usage', 0, 0],
  ['completion bash', 0, 2],
  ['user create --username made-{who}', 0, 0, TWICE],
  ['user list --limit 3', 0, 0],
  ['user show {who}', 0, 0],
  ['user grant {who} --scope users:read', 0, 0],
  ['user disable made-{who}', 0, 0],
  ['user enable made-{who}', 0, 0],
  ['user set-password made-{who}', 0, 0, TWICE],
  ['user reset-2fa secure-{who}', 0, 0, [YES]],
  ['user delete made-{who}', 0, 0, [YES]],
  ['session list {who}', 0, 0],
  ['session end {session}', 0, 0],
  ['token list {who}', 0, 0],
  ['token revoke {token}', 0, 0],
  ['keys rotate', 0, 0],
  ['webhook create http://127.0.0.1:1024/{who} --type keys.rotated', 0, 0],
  ['webhook list', 0, 0],
  ['webhook update {webhook} --disable', 0, 0],
  ['webhook rotate {webhook}', 0, 0],
  ['webhook deliveries {webhook}', 0, 0],
  ['webhook redeliver {webhook}', 0, 0],
  ['webhook delete {webhook}', 0, 0, [YES]],
  ...IMPORTS.map(([origin, , options = '']): Row => [`import ${origin} ${origin}-{who}.txt ${options}`.trim(), 0, 0]),
  ['import list', 0, 0],
  ['import show {run} --records', 0, 0],
  ['import undo {run}', 0, 0, [YES]],
  ['export all all-{who}.jsonl --with-secrets', 0, 0],
  ['backup backup-{who}.tar.gz', 0, 0],
]

/** exportCommands.test.ts has them beside a server with the embedded database. */
export const ON_POSTGRESQL: readonly Row[] = [
  ['export all everything-{who}.jsonl --with-secrets', 0, 0],
  ['export user {who} person-{who}.json', 0, 0],
  ['export audit audit-{who}.jsonl', 0, 0],
  ['export wekan wekan-{who}.json --with-secrets', 0, 0],
  ['export django django-{who}.json --with-secrets', 0, 0],
  ['export keycloak keycloak-{who}.json --with-secrets', 0, 0],
  ['export json json-{who}.jsonl', 0, 0],
]

export const AFTER_THE_SERVER: readonly Row[] = [
  ['migrate', 0, 0],
  ['restore backup-{who}.tar.gz', 0, 0, [YES]],
  ['move --to {target}', 0, 0],
]

/** Each is one clear line on standard error, and changes nothing. */
export const WRONG: readonly (readonly [line: string, code: number, says: RegExp])[] = [
  ['import wekan nowhere.json', 1, /^vestibule: nowhere\.json: no such file or directory \(ENOENT\)\n/],
  ['import wekan .', 1, /^vestibule: \.: it is a directory\n/],
  ['import csv csv-{who}.txt', 2, /^vestibule: required option '--map <.*>' not specified\n/],
  ['import mastodon wekan-{who}.txt', 2, /^vestibule: unknown command 'mastodon'/],
  [
    'import wekan wekan-{who}.txt --on-conflict ask',
    2,
    /^vestibule: option '--on-conflict <rule>' argument 'ask' is invalid\. Allowed choices are /,
  ],
  ['import wekan wekan-{who}.txt --rejects wekan-{who}.txt', 2, /^vestibule: --rejects: that is the file to import\n/],
  ['import json all-{who}.jsonl', 2, /^vestibule: this is an export of everything: `vestibule restore` reads it/],
  ['webhook create https://10.0.0.1/', 2, /^vestibule: url: must have a host that the DNS knows, /],
  ['webhook delete ffffffff --yes', 3, /^vestibule: There is no webhook ffffffff\n/],
  ['import undo ffffffff --yes', 3, /^vestibule: there is no import ffffffff\n/],
  ['import show {run} --records all', 2, /^vestibule: --records: must be of created, merged, /],
  ['import list --limit 0', 2, /^vestibule: --limit: must be a whole number from 1 on\n/],
  ['export all', 2, /^vestibule: missing required argument 'file'\n/],
  ['export all /nowhere/all.jsonl', 1, /^vestibule: \/nowhere\/all\.jsonl: no such file or directory \(ENOENT\)\n/],
  ['export user nobody nobody.json', 3, /^vestibule: No account has /],
  ['export django back.json', 2, /^vestibule: the file has password hashes: add --with-secrets\n/],
  ['export django back.json --with-secrets --over nowhere.json', 1, /^vestibule: nowhere\.json: no such file or directory \(ENOENT\)\n/],
  ['export django back.json --with-secrets --since ffffffff', 3, /^vestibule: there is no import ffffffff\n/],
  ['backup all-{who}.jsonl', 1, /^vestibule: all-j\.jsonl: there is such a file already\n/],
  ['restore nowhere.tar.gz --yes', 1, /^vestibule: nowhere\.tar\.gz: no such file or directory \(ENOENT\)\n/],
  ['user delete {who}', 2, /^vestibule: Delete the account .* There is no terminal to ask: say it with --yes\n/],
  ['move', 2, /^vestibule: required option '--to <url>' not specified\n/],
]
