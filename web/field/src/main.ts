import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { isProblem, whenSignedOut } from '@shared/api'
import { addTexts, chosenLanguage, completeTexts, createTexts, useLanguage } from '@shared/i18n'
import { registerMatters } from '@shared/matter'
import { application } from '@matters/hall'
import { incident } from '@matters/grid'
import { share } from '@matters/task'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import { askAgain, load } from './session'
import '@shared/tokens.css'
import '@shared/base.css'
import 'vant/es/style/base.css'
import 'vant/es/loading/index.css'
import 'vant/es/button/index.css'
import './vant.css'
import './field.css'

async function start() {
  registerMatters([application, incident, share])
  addTexts({ zh: () => import('./texts/zh.json'), en: () => import('./texts/en.json') })
  const i18n = createTexts()
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, retry: (n, e) => n < 1 && !isProblem(e), networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })
  whenSignedOut(askAgain)
  await Promise.all([useLanguage(i18n, chosenLanguage()), load()])
  window.addEventListener('online', () => void completeTexts())
  createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
  if (import.meta.env.PROD && 'serviceWorker' in navigator) await navigator.serviceWorker.register('/field/sw.js', { scope: '/field/' })
}

void start()
