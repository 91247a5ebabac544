/**
 * `TEST_SIZE=full`: `npm run test:moving` moves a thousand accounts of each origin where a few stand for them in the ordinary suite, and
 * `npm run test:cli` runs every command at a terminal, too; `npm run chaos` tries every fault, often.
 */
export const isFullSize = process.env.TEST_SIZE === 'full'

/** How often a property is tried: each run of the suite tries others. */
export const runs = (ordinary: number, full: number): number => (isFullSize ? full : ordinary)
