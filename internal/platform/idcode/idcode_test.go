package idcode

import (
	"errors"
	"strings"
	"testing"
)

// faultOf gives the key of an identifier's error, or empty.
func faultOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not an *Error", err)
	}
	return e.Key()
}

func TestParseResident(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want Resident
		key  string
	}{
		{"11010519491231002X", Resident{"11010519491231002X", "110105", "1949-12-31", Female}, ""},
		{" 34052419800101001x\n", Resident{"34052419800101001X", "340524", "1980-01-01", Male}, ""},
		{"110105194912310021", Resident{}, "resident.check"},
		{"11010519491232002X", Resident{}, "resident.date"},
		{"11010519490229002X", Resident{}, "resident.date"},
		{"11010500001231002X", Resident{}, "resident.date"},
		{"99010519491231002X", Resident{}, "resident.area"},
		{"00010519491231002X", Resident{}, "resident.area"},
		{"1101051949123100X2", Resident{}, "resident.character"},
		{"11010519491231002Y", Resident{}, "resident.character"},
		{"11010519491231002", Resident{}, "resident.length"},
		{"110105491231002", Resident{}, "resident.length"},
		{"", Resident{}, "resident.length"},
		{strings.Repeat("1", 1<<16), Resident{}, "resident.length"},
		{"１１０１０５", Resident{}, "resident.length"},            // 18 bytes, not 18 digits
		{"110105202603020022", Resident{}, "resident.check"}, // born today
		{"110105202603030021", Resident{}, "resident.date"},
	}
	for _, tt := range tests {
		got, err := ParseResident(tt.in, "2026-03-02")
		if got != tt.want || faultOf(t, err) != tt.key {
			t.Errorf("%.20q: got %+v, %v; want %+v, %s", tt.in, got, err, tt.want, tt.key)
		}
	}
}

func TestEverySingleDigitErrorIsFound(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"11010519491231002X", "34052419800101001X"} {
		for i := range 17 {
			for d := byte('0'); d <= '9'; d++ {
				bad := good[:i] + string(d) + good[i+1:]
				if _, err := ParseResident(bad, "2026-03-02"); bad != good && err == nil {
					t.Errorf("%s was accepted", bad)
				}
			}
		}
	}
}

func TestParseCredit(t *testing.T) {
	t.Parallel()
	want := Credit{"91350100M000100Y43", "9", "91", "350100", "M000100Y4"}
	tests := []struct {
		in   string
		want Credit
		key  string
	}{
		{"91350100M000100Y43", want, ""},
		{" 91350100m000100y43", want, ""},
		{"91350100M000100Y44", Credit{}, "credit.check"},
		{"91350100M000100Y53", Credit{}, "credit.organisation"},
		{"91990100M000100Y43", Credit{}, "credit.area"},
		{"9135O100M000100Y43", Credit{}, "credit.character"},
		{"9135A100M000100Y43", Credit{}, "credit.character"},
		{"91350100M000100Y4", Credit{}, "credit.length"},
	}
	for _, tt := range tests {
		got, err := ParseCredit(tt.in)
		if got != tt.want || faultOf(t, err) != tt.key {
			t.Errorf("%q: got %+v, %v; want %+v, %s", tt.in, got, err, tt.want, tt.key)
		}
	}
}

func TestParseArea(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, code string
		level    Level
		kind     AreaKind
		key      string
	}{
		{"32", "32", LevelProvince, KindProvince, ""},
		{"3207", "3207", LevelCity, KindCity, ""},
		{"320703", "320703", LevelCounty, KindDistrict, ""},
		{"320722", "320722", LevelCounty, KindCounty, ""},
		{"320771", "320771", LevelCounty, KindZone, ""},
		{"320581", "320581", LevelCounty, KindCounty, ""}, // 常熟市
		{"429004", "429004", LevelCounty, KindCounty, ""}, // 仙桃市
		{"441900", "441900", LevelCounty, KindDistrict, ""},
		{"320703001", "320703001", LevelStreet, KindSubdistrict, ""},
		{"320706100", "320706100", LevelStreet, KindTown, ""},
		{"320703203", "320703203", LevelStreet, KindTownship, ""},
		{"320771450", "320771450", LevelStreet, KindQuasiStreet, ""},
		{"320703001007", "320703001007", LevelCommunity, KindResidents, ""},
		{"320706100200", "320706100200", LevelCommunity, KindVillagers, ""},
		{"320706100399", "320706100399", LevelCommunity, KindVillagers, ""},
		{"320703400498", "320703400498", LevelCommunity, KindQuasiCommunity, ""},
		{"320703401501", "320703401501", LevelCommunity, KindQuasiVillage, ""},
		{"320703001007001", "320703001007001", LevelGrid, KindGrid, ""},
		{"320703001000", "320703001", LevelStreet, KindSubdistrict, ""},
		{"320703000000", "320703", LevelCounty, KindDistrict, ""},
		{"320700000000", "3207", LevelCity, KindCity, ""},
		{"320000000000", "32", LevelProvince, KindProvince, ""},
		{"000000000000", "", 0, "", "area.area"},
		{"320703000", "", 0, "", "area.area"},
		{"320703000007", "", 0, "", "area.area"},
		{"320703600", "", 0, "", "area.area"},
		{"320703001600", "", 0, "", "area.area"},
		{"320703001000001", "", 0, "", "area.area"},
		{"320703001007000", "", 0, "", "area.area"},
		{"9907", "", 0, "", "area.area"},
		{"3200", "", 0, "", "area.area"},
		{"", "", 0, "", "area.length"},
		{"32070", "", 0, "", "area.length"},
		{"3207030010070011", "", 0, "", "area.length"},
		{"32O7", "", 0, "", "area.character"},
	}
	for _, tt := range tests {
		got, err := ParseArea(tt.in)
		if got != (Area{tt.code, tt.level, tt.kind}) || faultOf(t, err) != tt.key {
			t.Errorf("%q: got %+v, %v; want %s %d %s %s", tt.in, got, err, tt.code, tt.level, tt.kind, tt.key)
		}
	}
	grid, _ := ParseArea("320703001007001")
	path := "32 3207 320703 320703001 320703001007 320703001007001"
	if got := strings.Join(grid.Path(), " "); got != path || grid.Parent() != "320703001007" || grid.Quasi() {
		t.Errorf("path %q, parent %q", got, grid.Parent())
	}
	farm, _ := ParseArea("320706406")
	province, _ := ParseArea("32")
	if !farm.Quasi() || province.Parent() != "" {
		t.Errorf("quasi %v, parent of a province %q", farm.Quasi(), province.Parent())
	}
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, number string
		kind       PhoneKind
		key        string
	}{
		{"13812345678", "13812345678", Mobile, ""},
		{" 199-1234 5678 ", "19912345678", Mobile, ""},
		{"+86 138 1234 5678", "13812345678", Mobile, ""},
		{"8613812345678", "13812345678", Mobile, ""},
		{"0086-138-1234-5678", "13812345678", Mobile, ""},
		{"0518-85412345", "0518-85412345", Landline, ""},
		{"(0518)8541 2345", "0518-85412345", Landline, ""},
		{"（0518）8541-2345", "0518-85412345", Landline, ""},
		{"+86 518 8541 2345", "0518-85412345", Landline, ""},
		{"+86 10 6601 2345", "010-66012345", Landline, ""},
		{"02112345678", "", "", "phone.character"}, // no local number begins with 1
		{"021-22345678-0123", "021-22345678-0123", Landline, ""},
		{"0915-3212345", "0915-3212345", Landline, ""},
		{"021-2234567", "", "", "phone.length"},
		{"12812345678", "", "", "phone.character"},
		{"138123456789", "", "", "phone.character"},
		{"85412345", "", "", "phone.length"},
		{"0112-2345678", "", "", "phone.area"},
		{"+44 20 7946 0958", "", "", "phone.area"},
		{"138a2345678", "", "", "phone.character"},
		{"", "", "", "phone.length"},
		{strings.Repeat("1", 33), "", "", "phone.length"},
	}
	for _, tt := range tests {
		got, err := ParsePhone(tt.in)
		if got != (Phone{tt.number, tt.kind}) || faultOf(t, err) != tt.key {
			t.Errorf("%q: got %+v, %v; want %s %s %s", tt.in, got, err, tt.number, tt.kind, tt.key)
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mask     func(string) string
		in, want string
	}{
		{MaskName, "张小三", "张*三"},
		{MaskName, "王五", "王*"},
		{MaskName, "欧阳小三", "欧**"},
		{MaskName, "阿卜杜拉·买买提", "阿**"},
		{MaskName, "John Smith", "J**"},
		{MaskName, "李", "*"},
		{MaskName, " ", ""},
		{MaskName, "\xff\xfe", "*"},
		{MaskPhone, "13812345678", "138****5678"},
		{MaskPhone, "+86 138 1234 5678", "138****5678"},
		{MaskPhone, "0518-85412345-12", "0518-****2345"},
		{MaskPhone, "12345", "****"},
		{MaskPhone, "", ""},
		{MaskID, "11010519491231002X", "1101************2X"},
		{MaskID, "123456789", "****"},
		{MaskID, "", ""},
	} {
		if got := tt.mask(tt.in); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestErrorsDoNotRepeatTheNumber(t *testing.T) {
	t.Parallel()
	_, err := ParseResident("110105194912310021", "2026-03-02")
	if err == nil || strings.ContainsAny(err.Error(), "0123456789") {
		t.Errorf("got %v", err)
	}
}
