/**
 * Carries out a Dockerfile without an engine: each stage is a plain directory, in which WORKDIR, COPY, RUN and ENV do what they do in an
 * image; the base images are what this machine has. It refuses what it cannot do faithfully, such as a RUN as another user.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { DockerfileParser, type Instruction, JSONInstruction, ModifiableInstruction } from 'dockerfile-ast'

interface Ignored {
  add(text: string): Ignored
  ignores(path: string): boolean
}

/** CommonJS, whatever its types say. */
const dockerignore = createRequire(import.meta.url)('@balena/dockerignore') as () => Ignored

interface Stage {
  readonly name: string
  /** The directory that is `/` of the stage. */
  readonly root: string
  workdir: string
  readonly env: Record<string, string>
  user: string
  health: readonly string[]
  command: readonly string[]
}

export interface Image extends Stage {
  /** Where a path of the image is on this machine. */
  at(path: string): string
}

/** Runs a command of the Dockerfile in place of a shell; whether it did. */
export type Instead = (command: string, directory: string) => boolean

const wordsOf = (instruction: Instruction): string[] => instruction.getArguments().map((argument) => argument.getValue())

const listOf = (instruction: Instruction): string[] => {
  if (!(instruction instanceof JSONInstruction) || instruction.getJSONStrings().length === 0)
    throw new Error(`line ${instruction.getRange()?.start.line}: not in the form of a list, so signals would reach a shell`)
  return instruction.getJSONStrings().map((text) => JSON.parse(text.getValue()) as string)
}

const flagsOf = (instruction: Instruction): Record<string, string> =>
  instruction instanceof ModifiableInstruction
    ? Object.fromEntries(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? '']))
    : {}

const at = (stage: Stage, path: string): string => join(stage.root, path.startsWith('/') ? path : join(stage.workdir, path))

const own = (path: string, { chown, chmod }: Record<string, string>): void => {
  if (chmod !== undefined) chmodSync(path, Number.parseInt(chmod, 8))
  const [uid, gid] = (chown ?? '').split(':').map(Number)
  if (uid !== undefined && gid !== undefined && chown !== undefined && process.getuid?.() === 0) chownSync(path, uid, gid)
}

/** `copyTree` copies a directory's content, or a file. */
const copy = (
  stage: Stage,
  instruction: Instruction,
  from: (path: string) => string,
  copyTree: (from: string, to: string) => void,
): void => {
  const words = wordsOf(instruction)
  const target = words.pop() ?? ''
  for (const source of words) {
    const path = from(source)
    const isDirectory = lstatSync(path).isDirectory()
    // As in an image: what is in a directory is copied, and not the directory.
    const to = isDirectory || !target.endsWith('/') ? at(stage, target) : join(at(stage, target), basename(source))
    copyTree(path, to)
    own(to, flagsOf(instruction))
  }
}

/** From stage to stage by hard links, since no stage changes its files later. */
const linkTree = (from: string, to: string): void => {
  execFileSync('cp', lstatSync(from).isDirectory() ? ['-alT', from, to] : ['-al', from, to])
}

/** @param context the directory that a builder would be sent, without what `.dockerignore` leaves out */
export function buildImage(context: string, scratch: string, instead: Instead = () => false): Image {
  const ignored = dockerignore().add(readFileSync(join(context, '.dockerignore'), 'utf8'))
  const isSent = (path: string): boolean => !ignored.ignores(relative(context, path))
  const sendTree = (from: string, to: string): void =>
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter: isSent })
  const stages: Stage[] = []
  const stageNamed = (name: string): Stage => {
    const found = stages.find((stage) => stage.name === name)
    if (found === undefined) throw new Error(`there is no stage ${name}`)
    return found
  }
  const steps: Record<string, (stage: Stage, instruction: Instruction) => void> = {
    WORKDIR(stage, instruction) {
      stage.workdir = wordsOf(instruction)[0] ?? '/'
      mkdirSync(at(stage, '.'), { recursive: true })
    },
    ENV: (stage, instruction) => {
      for (const word of wordsOf(instruction)) {
        const [name = '', value = ''] = word.split('=')
        stage.env[name] = value
      }
    },
    COPY(stage, instruction) {
      const { from } = flagsOf(instruction)
      const source = from === undefined ? undefined : stageNamed(from)
      if (source === undefined) copy(stage, instruction, (path) => join(context, path), sendTree)
      else copy(stage, instruction, (path) => at(source, path), linkTree)
    },
    RUN(stage, instruction) {
      if (stage.user !== '') throw new Error('RUN after USER is not carried out here')
      const command = instruction.getArgumentsContent() ?? ''
      if (instead(command, at(stage, '.'))) return
      execFileSync('/bin/sh', ['-c', command], { cwd: at(stage, '.'), env: { ...process.env, NODE_ENV: '', ...stage.env }, stdio: 'pipe' })
    },
    USER(stage, instruction) {
      stage.user = wordsOf(instruction)[0] ?? ''
    },
    HEALTHCHECK(stage, instruction) {
      const text = instruction.getArgumentsContent() ?? ''
      stage.health = JSON.parse(text.slice(text.indexOf('['))) as string[]
    },
    CMD(stage, instruction) {
      stage.command = listOf(instruction)
    },
    VOLUME: (stage, instruction) => {
      for (const path of wordsOf(instruction)) if (!existsSync(at(stage, path))) throw new Error(`${path} would belong to root`)
    },
    // They say something to engines and people, and do nothing to the image's files.
    EXPOSE: () => undefined,
    STOPSIGNAL: () => undefined,
  }
  for (const instruction of DockerfileParser.parse(readFileSync(join(context, 'Dockerfile'), 'utf8')).getInstructions()) {
    const keyword = instruction.getKeyword()
    if (keyword === 'ARG' && stages.length === 0) continue
    if (keyword === 'FROM') {
      const name = /\sAS\s+(\S+)/i.exec(instruction.getArgumentsContent() ?? '')?.[1] ?? ''
      const root = mkdtempSync(join(scratch, `${name || 'image'}-`))
      chmodSync(root, 0o755)
      stages.push({ name, root, workdir: '/', env: {}, user: '', health: [], command: [] })
      continue
    }
    const step = steps[keyword]
    const stage = stages.at(-1)
    if (step === undefined || stage === undefined) throw new Error(`${keyword} is not carried out here`)
    step(stage, instruction)
  }
  const last = stages.at(-1)
  if (last === undefined) throw new Error('the Dockerfile has no stage')
  return { ...last, at: (path) => at(last, path) }
}
