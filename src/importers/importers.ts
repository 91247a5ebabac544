/** All importers, in the order of the help. */
import { django } from './django.ts'
import { firebase } from './firebase.ts'
import type { Importer } from './importer.ts'
import { keycloak } from './keycloak.ts'
import { wekan } from './wekan.ts'

export const importers: readonly Importer[] = [wekan, keycloak, firebase, django]
