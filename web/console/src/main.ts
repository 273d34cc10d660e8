import { VueQueryPlugin } from '@tanstack/vue-query'
import { whenSignedOut } from '@shared/api'
import { chosenLanguage, createTexts, useLanguage } from '@shared/i18n'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { queryClient } from './query'
import { createConsoleRouter } from './router'
import { useSession } from './session'
import '@shared/tokens.css'
import '@shared/base.css'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-message-box.css'
import './styles/element.css'
import './styles/console.css'

async function start() {
  const i18n = createTexts()
  const app = createApp(App).use(i18n).use(createPinia())
  const session = useSession()
  const router = createConsoleRouter(session)

  whenSignedOut(() => {
    if (!session.current) return
    session.forget()
    queryClient.clear()
    void router.push({ name: 'sign-in', query: { next: router.currentRoute.value.fullPath } })
  })
  await Promise.all([useLanguage(i18n, chosenLanguage()), session.load()])
  app.use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
}

void start()
