import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { ways } from './queries'

/** What a community's case can be about: the way by which the task reaches it. */
export function useWays() {
  const { t } = useI18n()
  return computed(() => [
    {
      value: '',
      label: t('casework.kind.task'),
      subjects: ways.map((w) => ({ value: w as string, label: t(`task.way.${w}`) })),
    },
  ])
}
