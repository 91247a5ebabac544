/** All forms that accounts are exported in, in the order of the help. */
import { django } from './django.ts'
import type { Exporter } from './exporter.ts'
import { json } from './json.ts'
import { keycloak } from './keycloak.ts'
import { wekan } from './wekan.ts'

export const exporters: readonly Exporter[] = [wekan, django, keycloak, json]
