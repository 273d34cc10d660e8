package change

import (
	"linli/internal/registry"
	"slices"
	"strings"
	"unicode/utf8"
)

// What names say of whether two places are one.

// unitEndings are endings by level that name what kind of unit a place is; a place keeps its
// identity when only these change (村委会 becomes 社区居委会, 乡 becomes 镇).
var unitEndings = map[int][]string{
	registry.LevelCounty: {"自治县", "自治旗", "区", "县", "市"},
	registry.LevelStreet: {"街道办事处", "人民政府", "街道", "办事处", "镇", "乡"},
	registry.LevelCommunity: {"社区居民委员会", "社区村民委员会", "社区居委会", "社区村委会", "社区居委员", "社区委员会", "社区党群服务中心",
		"村民委员会", "居民委员会", "村委会", "居委会", "社区", "管理区生活区", "生活区", "村"},
}

// matchCore is a name without the ending that tells its kind of unit. Two characters at least
// remain when a single one would be taken off.
func matchCore(name string, level int) string {
	name = registry.FoldName(name)
	for _, e := range unitEndings[level] {
		rest, found := strings.CutSuffix(name, e)
		if found && rest != "" && (len(e) > 3 || utf8.RuneCountInString(rest) > 1) {
			return rest
		}
	}
	return name
}

// sound is how a name is read, without tones: 龙昌 and 隆昌 are the same to whoever typed it.
func sound(core string) string {
	full, _ := registry.Spelling(core)
	return full
}

// telling are characters by which neighbours are told apart: 东张庄 is not a misspelt 西张庄.
const telling = "东西南北中前后左右上下内外大小新老旧一二三四五六七八九十甲乙丙丁"

// alike tells whether one name may be the other misspelt, shortened or lengthened by a character.
func alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if sound(a) == sound(b) && sound(a) != "" {
		return true
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) >= 2 && (strings.HasSuffix(string(y), string(x)) || strings.HasPrefix(string(y), string(x))) {
		return true
	}
	if len(y) < 3 || len(y)-len(x) > 1 {
		return false
	}
	n := 0
	for n < len(x) && x[n] == y[n] {
		n++
	}
	if len(x) < len(y) {
		return slices.Equal(x[n:], y[n+1:])
	}
	return n < len(x) && slices.Equal(x[n+1:], y[n+1:]) &&
		!(strings.ContainsRune(telling, x[n]) && strings.ContainsRune(telling, y[n]))
}

// shares tells whether one name may have been made of the other: it holds it, or the two begin or
// end with the same two characters.
func shares(a, b string) bool {
	if a == "" || b == "" || a == b {
		return false
	}
	x, y := []rune(a), []rune(b)
	if strings.Contains(a, b) && len(y) >= 2 || strings.Contains(b, a) && len(x) >= 2 {
		return true
	}
	if len(x) < 3 || len(y) < 3 {
		return false
	}
	return string(x[:2]) == string(y[:2]) || string(x[len(x)-2:]) == string(y[len(y)-2:])
}
