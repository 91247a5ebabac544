/** The names of the surfaces in mails: the APIs' names, the same in every language. */
import type { Surface } from '../base/surfaces.ts'

export const surfaceNames: Readonly<Record<Surface, string>> = {
  graphql: 'GraphQL',
  idiot: 'iDIoT backend API',
  wekan: 'Wekan REST API',
  xiot: 'Users API',
  authentication: 'Authentication API',
  custom: 'REST API',
  cli: 'Vestibule',
}
