package registry

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"

	"linli/internal/platform/fold"
)

// placeReading gives the reading that place names use where the dictionary's first one is another.
// One reading is kept a character; a name read otherwise is still found by its characters.
var placeReading = map[rune]string{
	'长': "chang", '重': "chong", '朝': "chao", '乐': "le", '都': "du", '曲': "qu", '石': "shi",
	'圩': "wei", '埠': "bu", '堡': "bao", '单': "shan", '解': "xie", '盛': "sheng", '洞': "dong",
	'行': "hang", '厦': "xia", '藏': "zang", '番': "pan", '洪': "hong", '沈': "shen", '车': "che",
	'大': "da", '会': "hui", '委': "wei", '居': "ju", '社': "she", '区': "qu", '红': "hong",
	'系': "xi", '朴': "pu", '尉': "wei", '燕': "yan", '莘': "shen", '涡': "guo", '铅': "qian",
	'六': "liu", '什': "shi", '南': "nan", '泊': "bo", '校': "xiao", '将': "jiang", '强': "qiang",
	'伯': "bo", '万': "wan", '夏': "xia", '少': "shao", '传': "chuan", '宿': "su", '陂': "pi", '术': "shu",
}

// wordReading corrects whole words whose characters read otherwise elsewhere.
var wordReading = map[string][]string{
	"重点": {"zhong", "dian"}, "重工": {"zhong", "gong"}, "行政": {"xing", "zheng"}, "太行": {"tai", "hang"},
	"步行": {"bu", "xing"}, "六安": {"lu", "an"}, "六合": {"lu", "he"}, "乐清": {"yue", "qing"},
	"音乐": {"yin", "yue"}, "单位": {"dan", "wei"}, "大夫": {"dai", "fu"}, "宿舍": {"su", "she"},
	"朝霞": {"zhao", "xia"}, "朝晖": {"zhao", "hui"}, "教场": {"jiao", "chang"}, "解放": {"jie", "fang"},
	"长老": {"zhang", "lao"}, "校场": {"jiao", "chang"}, "行善": {"xing", "shan"},
}

var syllables sync.Map // rune → its reading, "" for what has none

var readings = pinyin.NewArgs()

func syllable(r rune) string {
	if s, ok := syllables.Load(r); ok {
		return s.(string)
	}
	s, ok := placeReading[r]
	if !ok {
		if all := pinyin.SinglePinyin(r, readings); len(all) > 0 {
			s = all[0]
		}
	}
	syllables.Store(r, s)
	return s
}

// Spell is a name in pinyin, without tones and spaces.
func Spell(name string) string {
	full, _ := Spelling(name)
	return full
}

// Spelling gives the pinyin of a name, without tones and blanks, and its initials. Letters and
// digits stand for themselves; other signs are left out.
func Spelling(name string) (full, initials string) {
	var f, i strings.Builder
	runes := []rune(strings.ToLower(FoldName(name)))
	for n := 0; n < len(runes); n++ {
		if n+1 < len(runes) {
			if word, ok := wordReading[string(runes[n:n+2])]; ok {
				for _, s := range word {
					f.WriteString(s)
					i.WriteByte(s[0])
				}
				n++
				continue
			}
		}
		r := runes[n]
		if r < 128 {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				f.WriteRune(r)
				i.WriteRune(r)
			}
			continue
		}
		if s := syllable(r); s != "" {
			f.WriteString(s)
			i.WriteByte(s[0])
		}
	}
	return f.String(), i.String()
}

// FoldName makes what people type and what lists print comparable: as fold.Words does, without blanks.
func FoldName(s string) string {
	for _, r := range s {
		if r >= '\u4e00' && r <= '\u9fff' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			continue // nearly all names: nothing to fold
		}
		return strings.ReplaceAll(fold.Words(s), " ", "")
	}
	return s
}
