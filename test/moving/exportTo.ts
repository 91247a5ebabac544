/** Exports accounts of a world to an origin, as the command line does. */
import { randomBytes } from 'node:crypto'
import { createSecretBox } from '../../src/domain/keys/secretBox.ts'
import { readSince } from '../../src/domain/moving/goingBack/since.ts'
import { exporters } from '../../src/exporters/exporters.ts'
import { exportOrigin, type OriginCounts, type Remark } from '../../src/exporters/exportOrigin.ts'
import { inChunks } from '../importers/support.ts'
import { clock } from '../support/clock.ts'
import type { World } from '../support/world.ts'

export interface Exported {
  readonly file: string
  readonly counts: OriginCounts
  readonly remarks: readonly Remark[]
}

/** `over`: the file that the origin was exported to. */
export const exportTo = async (
  world: World,
  name: string,
  { since, over }: { readonly since?: string | undefined; readonly over?: string | undefined } = {},
): Promise<Exported> =>
  await world.db.snapshot(async (db) => {
    const exporter = exporters.find((each) => each.name === name)
    if (exporter === undefined) throw new Error(`there is no exporter ${name}`)
    const parts: string[] = []
    const remarks: Remark[] = []
    const options = {
      since: since === undefined ? null : await readSince(db, since),
      over: over === undefined ? null : inChunks(over),
      signal: new AbortController().signal,
    }
    const given = {
      db,
      clock,
      config: world.config,
      secretBox: createSecretBox(['the secret key of every test, long enough'], randomBytes),
    }
    const listener = { remark: async (remark: Remark) => void remarks.push(remark), progress: () => undefined }
    const counts = await exportOrigin(given, exporter, options, async (text) => void parts.push(text), listener)
    return { file: parts.join(''), counts, remarks }
  })
