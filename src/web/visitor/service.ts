/** What this server offers to anybody; undefined until it is known. */
import { useQuery } from 'urql'
import { ServiceDocument, type ServiceQuery } from './operations.ts'

export const useService = (): ServiceQuery['service'] | undefined => useQuery({ query: ServiceDocument })[0].data?.service
