import { isProblem } from '@shared/api'
import { QueryClient } from '@tanstack/vue-query'

/** Server data: a refusal is final, a lost connection is tried again twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (failures, error) => failures < 2 && (!isProblem(error) || error.status === 0 || error.status >= 502),
    },
  },
})
