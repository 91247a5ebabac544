/** A plugin of Vite that takes a protection out of the source as it is read for a test; no file changes. */
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import type { Protection } from './protection.ts'

export interface Taken {
  protection: Protection | undefined
}

export const NAME = 'vestibule:takes-out'

/** The file of a protection, as Vite names it. */
export const fileOf = ({ file }: Protection): string => resolve('src', file)

/** The text of a file without the protection. @throws {Error} if the protection is not there, or not just once */
export const textWithout = ({ file, search, replace }: Protection, text: string): string => {
  const [before, after, ...more] = text.split(search)
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`${file} does not have just once: ${search}`)
  return `${before}${replace}${after}`
}

export const takesOut = (): Plugin<Taken> => {
  const taken: Taken = { protection: undefined }
  return {
    name: NAME,
    enforce: 'pre',
    api: taken,
    transform(code, id) {
      const { protection } = taken
      return protection !== undefined && id.split('?')[0] === fileOf(protection) ? textWithout(protection, code) : undefined
    },
  }
}
