/**
 * Makes a dialect, and checks what types cannot express. (That its tags are described is a matter of types.) Dialects that are loaded at
 * start go through the same checks.
 */
import type { Dialect, Mount, Row } from './dialect.ts'
import { isBelow, isMountPath, isRowPath, overlap, parametersOf } from './paths.ts'

type Texts = Readonly<Record<string, string>>

/** Of a dialect that is loaded at start the surface is always `custom`, so it need not be named. */
interface Draft<Tags extends Texts, Used extends string> extends Omit<Dialect, 'surface' | 'tags' | 'mounts'> {
  readonly surface?: Dialect['surface']
  readonly tags?: Tags
  readonly mounts: readonly Mount<Used>[]
}

type Place = Pick<Row, 'method' | 'path'>
const nameOf = ({ method, path }: Place): string => `${method} ${path}`

/** A read-only mode and the router look at the first row alone. */
const isSameRoute = (one: Row, { method, path, changes }: Row): boolean =>
  one.method === method && one.path === path && one.changes === changes && one.instead === undefined

const rowProblems = ({ path: mount }: Mount, { tags }: Dialect, row: Row): string[] => {
  const {
    method,
    path,
    texts: { tag },
    parts: { params, body },
    instead,
  } = row
  const parameters = parametersOf(path).sort().join(', ')
  const problems: [boolean, string][] = [
    [!isRowPath(path), 'is not a path such as /people/:id'],
    [!isBelow(path, mount), `is not below ${mount}`],
    [tag !== undefined && tags?.[tag] === undefined, `has the tag ${tag}, which it does not describe`],
    [
      parameters !==
        Object.keys(params?.shape ?? {})
          .sort()
          .join(', '),
      `must have a schema in \`params\` for ${parameters || 'nothing'}`,
    ],
    [body !== undefined && (method === 'GET' || method === 'DELETE'), 'has a body, which is never read'],
    [
      instead !== undefined && !isSameRoute(instead, row),
      'must be followed in `instead` by a row of the same method, path and effect, without one of its own',
    ],
  ]
  return problems.filter(([isWrong]) => isWrong).map(([, problem]) => `${nameOf(row)}: ${problem}`)
}

const repeated = (rows: readonly Row[]): string[] => {
  const ids = rows.map(({ texts }) => texts.operationId).filter((id) => id !== undefined)
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
  return [...twice].map((id) => `the operation id ${id} is used twice`)
}

/** Rows of one path share it by their methods; any other two must never match one request. */
const meeting = (rows: readonly Row[]): string[] =>
  rows.flatMap((row, index) =>
    rows
      .slice(index + 1)
      .filter((other) => overlap(row.path, other.path) && (row.path !== other.path || row.method === other.method))
      .map((other) => `${nameOf(row)} and ${nameOf(other)} meet`),
  )

/** Everything that is wrong with a dialect of the right form. */
export const problemsOf = (dialect: Dialect): string[] => {
  const { name, basePath = '', mounts } = dialect
  const rows = mounts.flatMap((mount) => mount.rows)
  return [
    ...(/^[a-z][a-z\d-]{0,31}$/.test(name) ? [] : [`its name ${name} must be lower-case letters, digits and hyphens, at most 32`]),
    ...mounts.filter(({ path }) => !isMountPath(path)).map(({ path }) => `the mount ${path || '""'} is not a path such as /people`),
    ...mounts.filter(({ path }) => !isBelow(path, basePath)).map(({ path }) => `${path || '""'} is not below its base path ${basePath}`),
    ...mounts.flatMap((mount) => mount.rows.flatMap((row) => rowProblems(mount, dialect, row))),
    ...repeated(rows),
    ...meeting(rows),
  ]
}

/** @throws {Error} that names all that is wrong */
export const defineDialect = <const Tags extends Texts = Readonly<Record<never, string>>, Used extends keyof Tags & string = never>(
  draft: Draft<Tags, Used>,
): Dialect => {
  const dialect: Dialect = { surface: 'custom', ...draft }
  const problems = problemsOf(dialect)
  if (problems.length > 0) throw new Error(`The dialect ${dialect.name}: ${problems.join('; ')}`)
  return dialect
}
