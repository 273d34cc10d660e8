import { characters } from '@shared/characters'
import { ElInput } from 'element-plus'

/** Every el-input counts its maxlength and shows its limit in characters; the browser's own maxlength counts UTF-16 units. */
export function countCharacters(): void {
  ;(ElInput as unknown as { props: { countGraphemes: { default?: typeof characters } } }).props.countGraphemes.default = characters
}
