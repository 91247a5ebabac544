/** The name of the service, which stands in titles and in the head of each page. */
import { useService } from './visitor/service.ts'

export const useProductName = (): string => useService()?.name ?? 'Vestibule'
