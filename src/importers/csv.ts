/** Any CSV with a header, whose columns a mapping gives their meaning: `--map email=Email,username=Login`. */
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { columnKinds, dateFormats, type Reader, readerOf } from './csvColumns.ts'
import { importerOf, type Translate, Untranslatable } from './fromDocuments.ts'
import { type ImporterOption, type ImporterOptions, WrongOption } from './importer.ts'
import { csvOf } from './sources/csv.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'map',
    value: 'FIELD=COLUMN,...',
    description: `which column has which field: ${Object.keys(columnKinds).join(', ')}`,
    isRequired: true,
  },
  { name: 'delimiter', value: 'CHARACTER', description: 'what stands between cells; `tab` for a tabulator', default: ',' },
  {
    name: 'dates',
    value: 'FORMAT',
    description: 'how times are written: ISO 8601 and PostgreSQL, seconds or milliseconds since 1970, 31.12.2026 or 12/31/2026',
    choices: dateFormats,
    default: 'iso',
  },
  { name: 'true', value: 'WORD,...', description: 'what stands for a truth, beside true, t, 1, yes, y and on' },
  { name: 'hash-prefix', value: 'TEXT', description: 'what is put before each hash, such as $meteor, where the column lacks it' },
]

interface Column {
  readonly field: string
  readonly column: string
  readonly read: Reader
}

/** A comma in the name of a column is written `\,`. @throws {WrongOption} */
const columnsIn = (options: ImporterOptions): readonly Column[] => {
  const pairs = (options.map ?? '').split(/(?<!\\),/).map((pair) => pair.replaceAll('\\,', ','))
  const columns = pairs.map((pair) => {
    const [, field = '', written = ''] = /^\s*(\w+)\s*=(.*)$/s.exec(pair) ?? []
    const column = written.trim()
    const kind = Object.hasOwn(columnKinds, field) ? columnKinds[field] : undefined
    if (kind === undefined) throw new WrongOption(`--map: "${field || pair}" is none of ${Object.keys(columnKinds).join(', ')}`)
    if (column === '') throw new WrongOption(`--map: the column for ${field} is missing`)
    return { field, column, read: readerOf(kind, options) }
  })
  const twice = columns.find(({ field }, index) => columns.findIndex((other) => other.field === field) !== index)
  if (twice !== undefined) throw new WrongOption(`--map names ${twice.field} twice`)
  return columns
}

const delimiterIn = (options: ImporterOptions): string => {
  const delimiter = options.delimiter === 'tab' ? '\t' : (options.delimiter ?? ',')
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new WrongOption('--delimiter must be one character, or tab')
  return delimiter
}

const translator = (columns: readonly Column[], hashPrefix: string): Translate => {
  const fieldOf = (row: Readonly<Record<string, string>>, { field, column, read }: Column): unknown => {
    const cell = Object.hasOwn(row, column) ? row[column] : undefined
    if (cell === undefined) throw new Untranslatable(`the header has no column "${column}"`)
    const value = cell.trim() === '' ? undefined : read(cell)
    if (value === null) throw new Untranslatable(`${field}: the column "${column}" has an unknown value`)
    return value
  }
  return (document) => {
    const row = document as Readonly<Record<string, string>>
    const values = Object.fromEntries(columns.map((column) => [column.field, fieldOf(row, column)]))
    const { enabled, totpSecret, passwordHash, ...fields } = values
    const account = {
      ...fields,
      ...(enabled === undefined ? {} : { disabled: enabled !== true }),
      ...(totpSecret === undefined ? {} : { totp: { secret: totpSecret } }),
      ...(passwordHash === undefined ? {} : { passwordHash: `${hashPrefix}${String(passwordHash)}` }),
    }
    return { account: account as GivenAccount }
  }
}

export const csv = importerOf({
  name: 'csv',
  summary: 'any CSV with a header, by a mapping of its columns',
  options,
  documents: (source, options) => csvOf(source, delimiterIn(options)),
  translator: (options) => translator(columnsIn(options), options['hash-prefix'] ?? ''),
})
