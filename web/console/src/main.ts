import { VueQueryPlugin } from '@tanstack/vue-query'
import { present, signInAgain, whenSignedOut } from '@shared/api'
import { addTexts, chosenLanguage, createTexts, useLanguage } from '@shared/i18n'
import { createPinia } from 'pinia'
import { askBeforeUnload } from '@shared/unsaved'
import { createApp } from 'vue'
import App from './App.vue'
import { agree } from './kit/agree'
import { countCharacters } from './kit/characters'
import { queryClient } from './query'
import { createConsoleRouter } from './router'
import { accountMemory, useSession } from './session'
import '@shared/tokens.css'
import '@shared/base.css'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import './styles/element.css'
import './styles/console.css'

async function start() {
  countCharacters()
  addTexts({ zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') })
  const i18n = createTexts()
  const app = createApp(App).use(i18n).use(createPinia())
  const session = useSession()
  const { t } = i18n.global
  const router = createConsoleRouter(session, () =>
    agree(t('ui.unsaved.title'), t('ui.unsaved.sure'), t('ui.unsaved.leave'), t('ui.do.cancel')),
  )

  askBeforeUnload()
  whenSignedOut(session.askAgain)
  // Somebody signed in as another account in a second tab: from now on this page would act for them.
  window.addEventListener('storage', (e) => {
    if (e.key === accountMemory && e.newValue && session.current && e.newValue !== session.current.account.id) void signInAgain()
  })
  // A link to a file or an export is followed by the browser, which asks nobody to sign in again.
  document.addEventListener('click', (e) => {
    const link = (e.target as Element).closest?.<HTMLAnchorElement>('a[href^="/api/"]:not([target])')
    if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    void present().then(
      (signedIn) => {
        if (signedIn) window.location.assign(link.href)
      },
      () => window.location.assign(link.href),
    )
  })
  await Promise.all([useLanguage(i18n, chosenLanguage()), session.load()])
  app.use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
}

void start()
