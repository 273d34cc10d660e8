import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the texts of a feature are called among the assets: calendar-zh; those of the whole face keep their name, zh. */
function featureTexts(module: string | null | undefined) {
  const found = /features\/(\w+)\/texts\/(zh|en)\.json$/.exec(module ?? '')
  return found && `${found[1]}-${found[2]}`
}

export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [vue(), Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] })],
  // Messages are filled by a rule of our own (shared/i18n.ts): the library's compiler is left out.
  define: { __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: true },
  resolve: {
    alias: {
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js',
      '@shared': here('../shared'),
      '@matters': here('../matters'),
      '@console': here('src'),
    },
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080' } },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    rollupOptions: { output: { chunkFileNames: (chunk) => `assets/${featureTexts(chunk.facadeModuleId) ?? '[name]'}-[hash].js` } },
  },
})
