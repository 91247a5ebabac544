/** Writes docs/moving/account.schema.json, the JSON Schema of an account in the intermediate form, from its zod schema. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { accountRecord } from '../domain/moving/accountRecord.ts'

/** Rules that a schema cannot express are in docs/moving/form.md. */
export const accountSchema = (): object => ({
  ...z.toJSONSchema(accountRecord, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' }),
  $id: 'account.schema.json',
  title: 'An account',
  description: 'One line of a file that `vestibule import json` reads. Texts must be well-formed Unicode without NUL. See form.md.',
})

export async function main({ root }: { root: string }): Promise<void> {
  await writeFile(join(root, 'docs/moving/account.schema.json'), `${JSON.stringify(accountSchema(), null, 2)}\n`)
}
