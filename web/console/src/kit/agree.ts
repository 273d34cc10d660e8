/** The one question before what cannot be taken back. Its box is loaded when the first is asked, or while nothing else is. */
const box = () => import('./box')

export const fetchBox = () => void box().catch(() => {})

/** True when the person agrees after reading what follows from it. */
export async function agree(title: string, consequence: string, confirm: string, cancel: string): Promise<boolean> {
  const loaded = await box().catch(() => undefined)
  if (!loaded) return window.confirm(`${title}\n\n${consequence}`) // no signal: the browser asks
  return loaded.ElMessageBox.confirm(consequence, title, {
    confirmButtonText: confirm,
    cancelButtonText: cancel,
    type: 'warning',
    autofocus: false,
    confirmButtonClass: 'el-button--danger',
  }).then(
    () => true,
    () => false,
  )
}
