/** The files for operators: by the schemas and the linters of the programs that read them, and with names that this server knows. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { validate } from 'dockerfile-utils'
import { Deployment } from 'kubernetes-models/apps/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig, settings } from '../../src/config.ts'
import { complaintsOf, type Typed } from '../support/manifestTypes.ts'

const at = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname
const read = (path: string): string => readFileSync(at(path), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }

/** Words that a check finds to be names of no setting. */
const strangersIn = (names: readonly string[], others: readonly string[] = []): string[] =>
  names.filter((name) => !(name in settings) && !others.includes(name))

describe('the image', () => {
  test('its Dockerfile has no finding of the linter', () => {
    const findings = validate(read('Dockerfile')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)
    expect(findings).toEqual([])
  })

  test('a fault in it would be found', () => {
    expect(validate('FROM node:24\nCOPPY . .\n')).not.toEqual([])
  })

  test('what it sets are settings', () => {
    const names = [...(/^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '').matchAll(/([A-Z_]+)=/g)].map(([, name = '']) => name)
    expect(names).toEqual(['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR'])
    expect(strangersIn(names)).toEqual([])
  })

  test('a builder is sent nothing but what is copied', () => {
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, words = '']) => words.split(' '))
    expect([...new Set(copied.map((path) => path.split('/')[0]))].sort()).toEqual(sent.sort())
  })
})

/** It is built here, so it has both; and its keys are in an order that reads well. */
const LINT = ['--disable-rule', 'no-build-and-image', '--disable-rule', 'service-keys-order', '--max-warnings', '0']

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml')) as {
    readonly services: Record<'server' | 'database', { readonly image: string; readonly environment: Record<string, string> }>
  }

  test('it follows the Compose Specification, and no rule of the linter finds anything', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [at('node_modules/dclint/bin/dclint.cjs'), ...LINT, at('compose.yaml')])
    expect(stdout.trim()).toBe('')
  })

  test('the server gets settings, and the image of this version', () => {
    const { server } = compose.services
    expect(strangersIn(Object.keys(server.environment))).toEqual([])
    expect(server.image).toBe(`vestibule:${version}`)
    const values = { ...server.environment, SECRET_KEY: 'k'.repeat(44), PUBLIC_URL: 'https://accounts.example.com' }
    expect(readConfig({ ...values, NODE_ENV: 'production' })).toMatchObject({ production: true })
  })
})

describe('the manifests of Kubernetes', () => {
  const kinds = { ConfigMap, Deployment, Ingress, NetworkPolicy, PodDisruptionBudget, Secret, Service }
  const files = readdirSync(at('ops/kubernetes')).filter((file) => file !== 'kustomization.yaml')
  type Manifest = { readonly apiVersion: string; readonly kind: keyof typeof kinds; readonly [field: string]: unknown }
  const manifest = (file: string) => parse(read(`ops/kubernetes/${file}`)) as Manifest

  test.each(files)('%s is what its version and kind say', (file) => {
    const { apiVersion, kind, ...rest } = manifest(file)
    const made = new kinds[kind](rest)
    expect(() => made.validate()).not.toThrow()
    expect(made.apiVersion).toBe(apiVersion)
  })

  test('they have no field that their types do not have', () => {
    const modules = { apps: 'apps/v1', 'networking.k8s.io': 'networking.k8s.io/v1', policy: 'policy/v1', v1: 'v1' }
    const typed = files.map((file) => {
      const value = manifest(file)
      const group = value.apiVersion.split('/')[0] as keyof typeof modules
      return { type: `I${value.kind}`, from: `kubernetes-models/${modules[group]}`, value }
    })
    const misspelt = { ...typed.find(({ type }) => type === 'IService'), value: { ...manifest('service.yaml'), specs: {} } }
    const complaints = complaintsOf(at('test/manifests.ts'), [...typed, misspelt as Typed])
    expect(complaints).toEqual([expect.stringContaining(`'"specs"' does not exist in type 'IService'`)])
  })

  test('kustomization.yaml names every file but the example of the secret, and the image of this version', () => {
    const { resources, images } = parse(read('ops/kubernetes/kustomization.yaml')) as { resources: string[]; images: object[] }
    expect(resources.sort()).toEqual(files.filter((file) => file !== 'secret.example.yaml').sort())
    expect(images).toEqual([expect.objectContaining({ name: 'vestibule', newTag: version })])
    expect(read('ops/kubernetes/deployment.yaml')).toContain(`image: vestibule:${version}\n`)
  })

  test('what they set are settings, which the server takes once the secrets are true ones, and refuses before', () => {
    const { data } = manifest('configmap.yaml') as unknown as { data: Record<string, string> }
    const { stringData } = manifest('secret.example.yaml') as unknown as { stringData: Record<string, string> }
    expect(strangersIn([...Object.keys(data), ...Object.keys(stringData)])).toEqual([])
    const all = { NODE_ENV: 'production', ...data, ...stringData }
    expect(() => readConfig(all)).toThrow(/SECRET_KEY/)
    expect(() => readConfig({ ...all, SECRET_KEY: 'k'.repeat(44) })).toThrow(/ADMIN_PASSWORD/)
    expect(readConfig({ ...all, SECRET_KEY: 'k'.repeat(44), ADMIN_PASSWORD: 'a long enough password' }).SHUTDOWN_DRAIN).toBe(10_000)
  })

  test('a pod is asked to end long before it is killed, and gets no request meanwhile', () => {
    const { spec } = manifest('deployment.yaml') as unknown as {
      spec: { template: { spec: { terminationGracePeriodSeconds: number; containers: { readinessProbe: Record<string, number> }[] } } }
    }
    const { terminationGracePeriodSeconds: grace, containers } = spec.template.spec
    const { periodSeconds = 0, timeoutSeconds = 0, failureThreshold = 0 } = containers[0]?.readinessProbe ?? {}
    // SHUTDOWN_DRAIN is 10 s.
    expect(periodSeconds * failureThreshold + timeoutSeconds).toBeLessThan(10)
    expect(grace).toBeGreaterThan(10 + 30)
  })
})

const ANALYZE = '/usr/bin/systemd-analyze'
const hasSystemd = existsSync(ANALYZE)

describe('the unit of systemd', () => {
  test('what it sets are settings', () => {
    const names = [...read('ops/vestibule.service').matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name = '']) => name)
    expect(names).toEqual(['NODE_ENV', 'DATA_DIR'])
    expect(strangersIn(names)).toEqual([])
  })

  test('the command line beside it has its settings, its user and its program', () => {
    const [unit, script] = [read('ops/vestibule.service'), read('ops/vestibule')]
    const settingsOf = (text: string, before: string) =>
      [...text.matchAll(new RegExp(`${before}([A-Z_]+=\\S+)`, 'g'))].map(([, pair]) => pair)
    expect(settingsOf(script, '--setenv=')).toEqual(settingsOf(unit, '\nEnvironment='))
    expect(/EnvironmentFile=(\S+)/.exec(script)?.[1]).toBe(/EnvironmentFile=(\S+)/.exec(unit)?.[1])
    expect(/--uid=(\S+)/.exec(script)?.[1]).toBe(/\nUser=(\S+)/.exec(unit)?.[1])
    expect(script).toContain(
      `  ${/\nExecStart=(\S+)/.exec(unit)?.[1]} "\${TREE:-${/\nWorkingDirectory=(\S+)/.exec(unit)?.[1]}}/dist/cli.js" "$@"\n`,
    )
  })

  describe.skipIf(!hasSystemd && !process.env.CI)(`by systemd itself${hasSystemd ? '' : ' (skipped: apt-get install systemd)'}`, () => {
    let directory = ''
    let unit = ''
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'vestibule-unit-'))
      unit = join(directory, 'vestibule.service')
      // Node.js is where it is on this machine.
      writeFileSync(unit, read('ops/vestibule.service').replace('/usr/bin/node', process.execPath))
    })
    afterAll(() => rmSync(directory, { recursive: true, force: true }))

    test('it can be read without a complaint', () => {
      expect(execFileSync(ANALYZE, ['verify', '--man=no', unit], { encoding: 'utf8', stdio: 'pipe' })).toBe('')
    })

    test('its exposure, from 0 to 10, is below 2', () => {
      expect(() => execFileSync(ANALYZE, ['security', '--offline=yes', '--threshold=20', unit], { stdio: 'pipe' })).not.toThrow()
      writeFileSync(join(directory, 'open.service'), '[Service]\nExecStart=/bin/true\n')
      const open = ['security', '--offline=yes', '--threshold=20', join(directory, 'open.service')]
      expect(() => execFileSync(ANALYZE, open, { stdio: 'pipe' })).toThrow()
    })
  })
})

describe('the samples of proxies', () => {
  test.each([
    ['ops/nginx.conf', 'proxy_set_header traceparent ""'],
    ['ops/haproxy.cfg', 'http-request del-header traceparent'],
    ['ops/Caddyfile', 'header_up -traceparent'],
  ])('%s keeps a client from deciding whether and in which trace its request is', (path, line) => {
    expect(read(path)).toContain(line)
  })
})
