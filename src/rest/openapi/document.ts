/**
 * The OpenAPI 3.1 document of a dialect, generated from its rows: there is no second source. Paths are relative to the
 * dialect's base path, as the documents print them.
 */
import type { Dialect, Mount, Row } from '../dialect.ts'
import { headerComponents } from './headers.ts'
import { operationOf } from './operation.ts'
import { createComponents, type JsonObject } from './schemas.ts'

const bearerAuth = {
  type: 'http',
  scheme: 'bearer',
  description: 'Any access token of any surface: `sess_…:…`, a JWT, that of a Wekan sign-in, or a personal access token.',
}

/** A path as OpenAPI writes it, below a base. */
const pathOf = (path: string, base: string): string => path.slice(base.length).replaceAll(/:(\w+)/g, '{$1}') || '/'

const schemesOf = (mounts: readonly Mount[]): JsonObject => {
  const queryToken = mounts.find((mount) => mount.queryToken !== undefined)?.queryToken
  return {
    BearerAuth: bearerAuth,
    ...(queryToken === undefined ? {} : { QueryToken: { type: 'apiKey', in: 'query', name: queryToken } }),
  }
}

const infoOf = ({ title, version, description }: Dialect): JsonObject => ({
  title,
  version,
  ...(description === undefined ? {} : { description }),
})

/**
 * `publicUrl`, without a slash at its end, is where the server is; without it, the URL of the server is relative to the host that has the
 * document (OpenAPI 3.1, 4.8.5).
 * @throws if two rows claim one place, or two schemas one name
 */
export const openApiOf = (dialect: Dialect, publicUrl = ''): JsonObject => {
  const { basePath = '', mounts, tags = {} } = dialect
  const components = createComponents()
  const paths: Record<string, Record<string, unknown>> = {}
  const responses: JsonObject[] = []
  const add = (mount: Mount, row: Row): void => {
    const path = pathOf(row.path, basePath)
    const method = row.method.toLowerCase()
    if (paths[path]?.[method] !== undefined) throw new Error(`${row.method} ${row.path} is there twice`)
    const operation = operationOf(dialect, mount, row, components)
    responses.push(...Object.values(operation.responses as Readonly<Record<string, JsonObject>>))
    paths[path] = { ...paths[path], [method]: operation }
  }
  for (const mount of mounts) for (const row of mount.rows) add(mount, row)
  return {
    openapi: '3.1.0',
    info: infoOf(dialect),
    servers: [{ url: publicUrl + basePath || '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas,
      headers: headerComponents(responses),
      securitySchemes: schemesOf(mounts),
    },
  }
}
