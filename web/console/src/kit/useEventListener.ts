import { onBeforeUnmount, onMounted } from 'vue'

/** Listens while the component is on the page. */
export function useEventListener<K extends keyof DocumentEventMap>(target: Document, name: K, act: (event: DocumentEventMap[K]) => void) {
  onMounted(() => target.addEventListener(name, act))
  onBeforeUnmount(() => target.removeEventListener(name, act))
}
