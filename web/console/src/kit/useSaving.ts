import { ref } from 'vue'

/** What a form sends: that it is on its way, and why it was refused. It says nothing when it was taken. */
export function useSaving() {
  const busy = ref(false)
  const problem = ref<unknown>(null)
  async function saving(send: () => Promise<void>) {
    problem.value = null
    busy.value = true
    try {
      await send()
    } catch (e) {
      problem.value = e
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, saving }
}
