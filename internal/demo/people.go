package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Everybody in a demo is invented. Names are put together by chance; telephone numbers are plainly
// made up, and identity numbers formally right with an invented sequence.

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"

const (
	maleNames   = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆建国志文海林成东晓家立永春光庆学"
	femaleNames = "芳娜敏静丽艳娟霞秀英玲燕红梅萍婷雪慧莹洁琳倩颖蓉兰凤云珍淑月桂晓文佳欣雅春美玉"
)

func runes(r *rand.Rand, from string) string {
	all := []rune(from)
	return string(all[r.IntN(len(all))])
}

// inventName puts a name together.
func inventName(r *rand.Rand, male bool) string {
	given := femaleNames
	if male {
		given = maleNames
	}
	name := runes(r, surnames) + runes(r, given)
	if r.IntN(4) > 0 {
		name += runes(r, given)
	}
	return name
}

// inventNames puts together n names, all different.
func inventNames(r *rand.Rand, n int) []string {
	out := make([]string, 0, n)
	seen := make(map[string]bool, n)
	for len(out) < n {
		if name := inventName(r, r.IntN(2) == 0); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// person is an invented resident.
type person struct {
	name, phone, number, address string
	birth                        time.Time
}

// inventPerson makes a resident of a county, between two ages at a time.
func inventPerson(r *rand.Rand, county, place string, at time.Time, youngest, oldest int) person {
	male := r.IntN(2) == 0
	birth := at.AddDate(-youngest-r.IntN(max(1, oldest-youngest)), 0, -1-r.IntN(360))
	return person{name: inventName(r, male), phone: inventMobile(r), number: inventNumber(r, county, birth, male),
		address: place + inventDoor(r), birth: birth}
}

// inventMobile is a mobile number that nobody takes for a real one.
func inventMobile(r *rand.Rand) string { return fmt.Sprintf("1990000%04d", r.IntN(10000)) }

// officePhone is a landline number that nobody takes for a real one.
func officePhone(n int) string { return fmt.Sprintf("0518-8000%04d", n%10000) }

// inventNumber is formally right (GB 11643): a real county, an invented sequence, its check sign.
func inventNumber(r *rand.Rand, county string, birth time.Time, male bool) string {
	if strings.HasSuffix(county, "71") { // a zone is in no identity number
		county = "320703"
	}
	sequence := 900 + 2*r.IntN(50) // even for women
	if male {
		sequence++
	}
	s := fmt.Sprintf("%s%s%03d", county, birth.Format("20060102"), sequence)
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * weight
	}
	return s + string("10X98765432"[sum%11])
}

// inventDoor is an address within a community.
func inventDoor(r *rand.Rand) string {
	return fmt.Sprintf("%s%d号楼%d单元%d室", pick(r, estates), 1+r.IntN(28), 1+r.IntN(4), (1+r.IntN(6))*100+1+r.IntN(4))
}

var estates = []string{"和苑小区", "新村小区", "滨河苑", "海悦花园", "康居园", "文化新村", "锦绣家园", "向阳小区", "阳光新城", "怡和苑"}
