/** Every text of the faces, of all their bundles: what tests of single components are given. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The folders of texts, below web/. */
export const folders = [
  'shared/texts',
  'console/src/texts',
  'field/src/texts',
  ...readdirSync(join(web, 'console/src/features')).map((f) => `console/src/features/${f}/texts`),
].filter((folder) => {
  try {
    return readdirSync(join(web, folder)).length > 0
  } catch {
    return false
  }
})

export const textsOf = (folder: string, lang: 'zh' | 'en') =>
  JSON.parse(readFileSync(join(web, folder, `${lang}.json`), 'utf8')) as Record<string, string>

const all = (lang: 'zh' | 'en') => Object.assign({}, ...folders.map((f) => textsOf(f, lang))) as Record<string, string>
export const zh = all('zh')
export const en = all('en')
