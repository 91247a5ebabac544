/** Which clients have the session tokens of an origin. */
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import type { ImporterOption, ImporterOptions } from './importer.ts'

type Surface = NonNullable<GivenAccount['sessions']>[number]['surface']

const SURFACES = ['graphql', 'wekan', 'idiot', 'xiot', 'authentication'] as const satisfies readonly Surface[]

export const surface: ImporterOption = {
  name: 'surface',
  value: 'NAME',
  description: 'the surface whose clients have the session tokens',
  choices: SURFACES,
  default: 'graphql',
}

export const surfaceIn = (options: ImporterOptions): Surface => SURFACES.find((each) => each === options[surface.name]) ?? 'graphql'
