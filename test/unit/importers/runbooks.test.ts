/** The pages of docs/moving: each origin has one, with the same steps, and commands whose words exist. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importers } from '../../../src/importers/importers.ts'

const directory = join(import.meta.dirname, '../../../docs/moving')
const pages = readdirSync(directory).filter((file) => importers.some(({ name }) => file === `${name}.md`))
const pageOf = (file: string): string => readFileSync(join(directory, file), 'utf8')

/** Of every import, whatever the origin. */
const GENERAL = ['--dry-run', '--on-conflict', '--allow-fast-hashes', '--rejects']
const COMMANDS = ['import', 'export', 'user', 'doctor']
const GO_BACK = ['wekan', 'keycloak', 'django']

/** What stands in code, in blocks and in lines. */
const commandsOf = (page: string): string[] => [...page.matchAll(/npx vestibule ([^\n`]+)/g)].map(([, command = '']) => command.trim())

describe('the pages about moving', () => {
  it('each importer of an origin has one', () => {
    expect(pages.map((file) => file.slice(0, -3)).sort()).toEqual(
      importers
        .map(({ name }) => name)
        .filter((name) => name !== 'json')
        .sort(),
    )
  })

  it('the overview leads to each', () => {
    const links = [...pageOf('README.md').matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file)
    expect(links.sort()).toEqual([...pages].sort())
  })

  describe.each(pages)('%s', (file) => {
    const page = pageOf(file)
    const name = file.slice(0, -3)
    const importer = importers.find((each) => each.name === name)

    it('has the six steps, and says what is taken over and what is not', () => {
      expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
        expect.stringMatching(/^1\. Get the file out of /),
        '2. Try it',
        '3. Import',
        '4. Check',
        '5. Cut over',
        '6. The way back',
        'What is taken over',
        'What stays behind',
        ...(name === 'cognito' ? ['With no reset'] : []),
      ])
    })

    it('has commands that exist, with options that the importer has', () => {
      const options = [...GENERAL, ...(importer?.options ?? []).map((option) => `--${option.name}`)]
      const commands = commandsOf(page)
      expect(commands.filter((command) => !COMMANDS.includes(command.split(' ')[0] ?? ''))).toEqual([])
      const imports = commands.filter((command) => /^import (?!show|undo|list)/.test(command))
      expect(imports.length).toBeGreaterThan(1)
      expect(imports.filter((command) => command.split(' ')[1] !== name)).toEqual([])
      const words = imports.flatMap((command) => command.match(/--[\w-]+/g) ?? [])
      expect(words.filter((word) => !options.includes(word))).toEqual([])
    })

    it('names every option of the importer, or the variable that stands for it', () => {
      const unnamed = (importer?.options ?? []).filter(
        ({ name, env }) => !page.includes(`--${name}`) && (env === undefined || !page.includes(env)),
      )
      expect(unnamed.map((option) => option.name)).toEqual([])
    })

    it('goes back into the form of the origin where that is possible, and undoes the import', () => {
      const commands = commandsOf(page)
      expect(commands.some((command) => command.startsWith(`export ${name} `))).toBe(GO_BACK.includes(name))
      expect(commands).toContain('import undo RUN')
    })
  })
})
