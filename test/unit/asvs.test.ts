/** What a run says of the requirements of ASVS: each that is shown over HTTP names its tests, and one that did not pass is named. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { elsewhere } from '../security/elsewhere.ts'
import { documentOf, type Ended, isDocument, linesOf, namedFiles, outcomesOf, proofFiles } from '../security/outcomes.ts'
import { proofs } from '../security/proofs.ts'
import { requirements } from '../security/requirements.ts'

const ofHttp = requirements.filter(({ how }) => how === 'H').map(({ id }) => id)

/** As if each named test had ended so. */
const ended = (state: Ended['state'] = 'passed'): Ended[] =>
  Object.values(proofs).flatMap((named) =>
    named.map((proof) => ({
      file: proof.slice(0, proof.indexOf(':')),
      name: `x > ${proof.slice(proof.indexOf(':') + 1).trim()} y`,
      state,
    })),
  )

test('all 138 requirements that are shown over HTTP name tests, and no others do; their files are there', () => {
  expect(ofHttp).toHaveLength(138)
  expect(Object.keys(proofs).sort()).toEqual([...ofHttp].sort())
  expect(Object.values(proofs).filter((named) => named.length === 0)).toEqual([])
  expect(proofFiles.filter((file) => !existsSync(`test/${file}.test.ts`))).toEqual([])
})

test('a run in which all tests pass shows all', () => {
  expect(linesOf(outcomesOf(ended()))).toEqual(['  ASVS, shown over HTTP: L1 40 of 40, L2 73 of 73, L3 25 of 25'])
})

describe('what is not shown over HTTP', () => {
  const of = (how: string) => requirements.filter((requirement) => requirement.how === how).map(({ id }) => id)

  test('4 requirements are shown in a browser, 25 by reading source or build, 17 by the docs: each names by what, and no other does', () => {
    expect([of('B').length, of('S').length, of('D').length]).toEqual([4, 25, 17])
    expect(Object.keys(elsewhere).sort()).toEqual([...of('B'), ...of('S'), ...of('D')].sort())
    expect(of('D').filter((id) => !elsewhere[id]?.every(isDocument))).toEqual([])
    expect([...of('B'), ...of('S')].filter((id) => elsewhere[id]?.some(isDocument))).toEqual([])
  })

  test('its files of tests and its commands are there', () => {
    expect(namedFiles.filter((file) => !existsSync(`test/${file}.test.ts`))).toEqual([])
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    const commands = Object.values(elsewhere)
      .flat()
      .flatMap((proof) => /^npm run (\S+)$/.exec(proof)?.[1] ?? [])
    expect(commands.filter((name) => !(name in scripts))).toEqual([])
  })

  test('its pages have the headings that it names', () => {
    const anchorsIn = (file: string) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? [])
        .map((heading) =>
          heading
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, '')
            .replaceAll(' ', '-'),
        )
    const pages = Object.values(elsewhere).flat().filter(isDocument)
    expect(
      pages.filter((page) => {
        const [file = '', anchor = ''] = page.split('#')
        return anchor !== '' && !anchorsIn(file).includes(anchor)
      }),
    ).toEqual([])
    expect(pages.filter((page) => !existsSync(page.split('#')[0] ?? ''))).toEqual([])
  })
})

describe('a requirement is not shown', () => {
  const NONE = '16.4.1'
  const problemIn = (all: readonly Ended[]) => outcomesOf(all).find(({ requirement }) => requirement.id === NONE)?.problem
  const isOfIt = ({ file }: Ended) => file === 'moving/hostile'

  test.each<[string, readonly Ended[], string]>([
    ['where one of its tests has failed', ended().map((test) => (isOfIt(test) ? { ...test, state: 'failed' } : test)), 'has failed'],
    [
      'where one of its tests is gone',
      ended().filter((test) => !isOfIt(test)),
      'there is no test "moving/hostile: which could forge lines"',
    ],
    ['where one of its tests did not run', ended().map((test) => (isOfIt(test) ? { ...test, state: 'skipped' } : test)), 'has run'],
    ['where one of several tests of a name has failed', [...ended(), ...ended('failed')], 'has failed'],
  ])('%s', (_why, all, problem) => {
    expect(problemIn(all)).toContain(problem)
    expect(linesOf(outcomesOf(all)).join('\n')).toContain(`ASVS ${NONE}: `)
  })
})

test('the document has a row for each requirement, with its tests and its outcome', () => {
  const text = documentOf(outcomesOf(ended().filter(({ file }) => file !== 'adminPolicy')))
  expect(text.match(/^\| \d/gm)).toHaveLength(207)
  expect(text).toContain('| 13.4.4 | L2 | H | TRACE refused | `guards/statuses: is refused and echoes nothing` | pass |')
  expect(text).toMatch(/^\| 6\.3\.3 \|.*\| fail: there is no test "adminPolicy: .*" \|$/m)
})
