package httpx

import "testing"

func TestJSONTextIsJudgedByItsStrings(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		`{"a":"b"}`: true, `{"a":"\\u0000"}`: true, `"\\\\u0000"`: true, `"\ud83d\ude00"`: true, `"\u0001\n"`: true, ``: true, `"\`: true,
		`"\u0000"`: false, `{"\u0000":1}`: false, `"\\\u0000"`: false, "\"\x00\"": false,
		"\"\xff\"": false, `"\ud83d"`: false, `"\ud83dx"`: false,
		`"\ude00"`: false, `"\ud83d\ud83d"`: false, `"\uD83D\n"`: false, `"\u00`: true, `["ok","\uDE00\uD83D"]`: false,
	} {
		if got := isJSONText([]byte(raw)); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

func FuzzJSONText(f *testing.F) {
	f.Add(`"\ud83d\ude00\u0000"`)
	f.Fuzz(func(_ *testing.T, raw string) { isJSONText([]byte(raw)) })
}
