/** All importers, in the order of the help. */
import { auth0 } from './auth0.ts'
import { betterAuth } from './betterAuth.ts'
import { cognito } from './cognito.ts'
import { csv } from './csv.ts'
import { devise } from './devise.ts'
import { django } from './django.ts'
import { firebase } from './firebase.ts'
import type { Importer } from './importer.ts'
import { json } from './json.ts'
import { keycloak } from './keycloak.ts'
import { kratos } from './kratos.ts'
import { parse } from './parse.ts'
import { supabase } from './supabase.ts'
import { wekan } from './wekan.ts'
import { wordpress } from './wordpress.ts'

export const importers: readonly Importer[] = [
  wekan,
  keycloak,
  firebase,
  auth0,
  supabase,
  betterAuth,
  django,
  devise,
  wordpress,
  parse,
  kratos,
  cognito,
  csv,
  json,
]
