/**
 * graphql-eslint (`npm run lint:graphql`, part of `npm run lint`): the recommended rules and those of Relay for schema.graphql, and the
 * recommended rules for the documents of the dialects, the pages and the examples. Every exception has its reason here. Biome checks TypeScript.
 */
import graphql from '@graphql-eslint/eslint-plugin'

const { configs, parser } = graphql
const plugins = { '@graphql-eslint': graphql }
const rules = (...names) => Object.assign({}, ...names.map((name) => configs[`flat/${name}`].rules))

const schema = 'schema.graphql'
const FAILURE = 'src/rest/operations/failure.graphql'
/** The documents of each program: the names of its fragments must differ. */
const projects = {
  dialects: { schema, documents: 'src/rest/operations/*.graphql' },
  visitorPages: { schema, documents: 'src/web/visitor/operations/*.graphql' },
  accountPages: { schema, documents: 'src/web/account/operations/*.graphql' },
  adminPages: { schema, documents: 'src/web/admin/operations/*.graphql' },
  client: { schema, documents: 'examples/client/operations/*.graphql' },
  apollo: { schema, documents: 'examples/apollo/operations/*.graphql' },
  spa: { schema, documents: 'examples/spa/operations/*.graphql' },
  urql: { schema, documents: 'examples/urql/operations/*.graphql' },
  fifthDialect: { schema, documents: ['examples/fifth-dialect/*.graphql', FAILURE], include: 'examples/fifth-dialect/*.graphql' },
}
const languageOptions = { parser, parserOptions: { graphQLConfig: { projects } } }

/** Values that are part of another object have no id: results, failures, pages, and these. */
const VALUES = [
  'AuditDetail',
  'Credentials',
  'FieldError',
  'PageInfo',
  'PendingEmail',
  'Token',
  'TwoFactorRequired',
  'WebhookAttempt',
  'Service',
  'Dialect',
  'DialectRoute',
  'DialectUseDay',
  'SigningKey',
  'ServerStatus',
  'DatabaseStatus',
  'HashQueueStatus',
  'ServerSetting',
]

export default [
  {
    files: [schema],
    plugins,
    languageOptions,
    rules: {
      ...rules('schema-recommended', 'schema-relay'),
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { types: VALUES, suffixes: ['Success', 'Error', 'Connection', 'Edge'] } },
      ],
      // Lists that are always short (scopes, sessions of one account, recovery codes) are plain lists.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      // `User.username` and `Token.token` are the common words, and the rule knows no exceptions.
      '@graphql-eslint/no-typename-prefix': 'off',
    },
  },
  { files: ['src/**/*.graphql', 'examples/**/*.graphql'], plugins, languageOptions, rules: rules('operations-recommended') },
  // The documents of dialects fill no cache; they select what a route prints.
  { files: ['src/rest/operations/*.graphql'], rules: { '@graphql-eslint/require-selections': 'off' } },
]
