import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Writes the service worker with the list of what the shell is made of in this build. */
function shellWorker(): Plugin {
  return {
    name: 'linli-shell-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = [
        '/field/',
        '/field/mark.svg',
        '/field/manifest.webmanifest',
        ...Object.keys(bundle)
          .filter((f) => f.startsWith('assets/'))
          .map((f) => `/field/${f}`),
      ].sort()
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      const source = readFileSync(here('src/worker.js'), 'utf8')
        .replace('__VERSION__', JSON.stringify(version))
        .replace('__FILES__', JSON.stringify(files))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

export default defineConfig({
  root: here('.'),
  base: '/field/',
  plugins: [vue(), Components({ dirs: [], dts: false, resolvers: [VantResolver({ importStyle: false })] }), shellWorker()],
  // Messages are filled by a rule of our own (shared/i18n.ts): the library's compiler is left out.
  define: { __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: true },
  resolve: {
    alias: {
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.esm-bundler.js',
      '@shared': here('../shared'),
      '@matters': here('../matters'),
      '@field': here('src'),
    },
  },
  server: { port: 5174, proxy: { '/api': 'http://127.0.0.1:8080' } },
  build: { outDir: here('../dist/field'), emptyOutDir: true },
})
