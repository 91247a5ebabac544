/**
 * The span of a document that runs, by OpenTelemetry's conventions for GraphQL: its kind and, of a document of a dialect, its name. Names and
 * text of other documents are words of clients.
 */
import type { Plugin } from '@envelop/core'
import { type ExecutionArgs, getOperationAST } from 'graphql'
import { type Beginning, inSpan, isTraced } from '../tracing/spans.ts'
import type { Context } from './context.ts'

const spanOf = ({ document, operationName }: ExecutionArgs, { caller }: Pick<Context, 'caller'>): Beginning => {
  const found = getOperationAST(document, operationName)
  const type = found?.operation ?? 'query'
  const name = caller.surface === 'graphql' ? undefined : found?.name?.value
  const attributes = { 'graphql.operation.type': type, 'graphql.operation.name': name }
  return { name: name === undefined ? `graphql ${type}` : `graphql ${type} ${name}`, attributes }
}

export const useExecutionSpan = (): Plugin<Context> => ({
  onExecute({ args, executeFn, setExecuteFn }) {
    if (!isTraced()) return
    setExecuteFn(async (given: ExecutionArgs) => await inSpan(spanOf(given, args.contextValue), async () => await executeFn(given)))
  },
})
