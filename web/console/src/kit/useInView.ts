import { onMounted, type Ref } from 'vue'

/** Brings what a form says on top into view: whoever pressed its button may be at the end of a long form. */
export function useInView(box: Ref<HTMLElement | undefined>): void {
  onMounted(() => {
    if (box.value?.closest('.el-overlay, form')) box.value.scrollIntoView?.({ block: 'nearest' })
  })
}
