/** What the line `ready` of the log says: the facts of the banner, for programs. */
import type { BannerFacts } from './banner.ts'

export const readyFields = ({ localUrl, dialects, database, ...facts }: BannerFacts) => ({
  url: localUrl,
  ...facts,
  dialects: Object.fromEntries(dialects.map(({ name, mounts }) => [name, mounts])),
  storage: database,
})
