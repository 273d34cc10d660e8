package manual

// shelf has the manuals in the order of the list, each with its file in docs/zh.
var shelf = []struct{ slug, file string }{
	{"window", "窗口手册.md"},
	{"grid", "网格员手册.md"},
	{"dispatch", "派遣手册.md"},
	{"department", "部门手册.md"},
	{"admin", "管理员手册.md"},
	{"operations", "部署运维手册.md"},
}
