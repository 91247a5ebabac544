/** What a result was measured on, without names of machines, people or places. */
import { readFile } from 'node:fs/promises'
import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'

const PACKAGES = ['graphql-yoga', '@pothos/core', '@prisma/client', 'pg', '@node-rs/argon2']

const versionIn = async (directory: string, name: string): Promise<string> => {
  const text = await readFile(join(directory, 'node_modules', name, 'package.json'), 'utf8')
  return `${name} ${JSON.parse(text).version}`
}

/** Lines of Markdown. `peers`: the folders and packages of the peers that were measured. */
export async function machineLines(
  root: string,
  postgresVersion: string,
  peers: readonly { readonly directory: string; readonly name: string }[],
): Promise<string[]> {
  const [cpu] = cpus()
  const versions = await Promise.all([
    ...PACKAGES.map((name) => versionIn(root, name)),
    ...peers.map(({ directory, name }) => versionIn(directory, name)),
  ])
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${platform()} ${arch()}, Node ${process.versions.node}, PostgreSQL ${postgresVersion}`,
    `- ${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory; load, servers and PostgreSQL share them`,
    `- ${versions.join(', ')}`,
  ]
}
