/** All origins that get accounts back, in the order of the help. */
import { django } from './django.ts'
import type { Exporter } from './exporter.ts'
import { keycloak } from './keycloak.ts'
import { wekan } from './wekan.ts'

export const exporters: readonly Exporter[] = [wekan, django, keycloak]
