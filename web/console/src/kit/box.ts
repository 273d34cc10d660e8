/** The library's box that asks one thing, with its style: loaded by what asks. */
import 'element-plus/theme-chalk/el-button.css'
import 'element-plus/theme-chalk/el-input.css'
import 'element-plus/theme-chalk/el-overlay.css'
import 'element-plus/theme-chalk/el-message-box.css'

export { ElMessageBox } from 'element-plus'
