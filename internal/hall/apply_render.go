package hall

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/registry/community"
)

type stepPage struct {
	Item     string
	Action   string
	Heading  string
	Position string
	Back     string
	Fields   []page.Field
	Pick     *community.PickView
	Slots    []slot
}

// slot is where the files for one material are chosen, or those for none.
type slot struct {
	Field  page.Field
	Staged []file.Staged
}

// slotPrefix stands before the index of the material in the name of its input.
const slotPrefix = "files."

// slots are one for each material to bring, and the last for everything else.
func slots(q *page.Request, item *Item, d *draft) []slot {
	var out []slot
	add := func(f page.Field) {
		q.Name(f.Name, f.Label)
		s := slot{Field: f}
		for _, staged := range d.Files {
			if staged.Input == f.Name || f.Name == "files" && !strings.HasPrefix(staged.Input, slotPrefix) {
				s.Staged = append(s.Staged, staged)
			}
		}
		out = append(out, s)
	}
	other := file.FilesField(q)
	for i, m := range item.Materials {
		if !m.Held {
			f := page.Field{Name: slotPrefix + strconv.Itoa(i), Kind: page.Files, Label: m.Name.In(q.Lang), Accept: file.Accept,
				Required: m.Required, Hint: m.Source.In(q.Lang)}
			add(f)
		}
	}
	if len(out) > 0 {
		other.Label = q.T("hall.page.files_other")
	}
	add(other)
	return out
}

func (s *Service) renderStep(q *page.Request, status int, item *Item, d *draft, step string) error {
	all := d.steps(item)
	at := slices.Index(all, step)
	if status == http.StatusOK {
		d.Place.Preset(s.Communities, q.Community())
	}
	if step == stepCheck {
		return s.renderCheck(q, status, item, d)
	}
	v := stepPage{Item: item.Name.In(q.Lang), Action: d.Step(step), Back: "/hall/" + item.Code,
		Position: q.T("hall.page.step", "at", at+1, "of", len(all))}
	if at > 0 {
		v.Back = d.Step(all[at-1])
	}
	switch step {
	case stepPerson:
		v.Heading, v.Fields = q.T("hall.page.applicant"), q.Fill(append(personFields(q), s.Follow.TellFields(q)...), d.personValue)
	case stepPlace:
		pick := d.Place.View(s.Communities, q)
		v.Heading, v.Pick = q.T("hall.page.community"), &pick
	case stepFiles:
		v.Heading, v.Slots = q.T("hall.page.files"), slots(q, item, d)
	default:
		on, asker := d.page(item, step), s.Asker(q.T, q.Lang)
		v.Heading, v.Fields = on[0].Group.In(q.Lang), q.Fill(asker.Fields(on), func(key string) string {
			f, _ := form.Find(on, key)
			return asker.Value(&f, d.Answers[key])
		})
	}
	return q.Render(status, "hall/step", v)
}

func (d *draft) personValue(name string) string {
	return map[string]string{"name": d.Person.Name, "phone": d.Person.Phone, "idNumber": d.Person.Number, "address": d.Person.Address,
		"email": d.Person.Email, "tell": strings.Join(d.Tell, " ")}[name]
}

func personFields(q *page.Request) []page.Field {
	return []page.Field{
		{Name: "name", Kind: page.Text, Label: q.T("hall.page.name"), Required: true, Max: 50, Autocomplete: "name"},
		{Name: "phone", Kind: page.Phone, Label: q.T("hall.page.phone"), Hint: q.T("hall.page.phone_hint"),
			Required: true, Max: 30, Autocomplete: "tel"},
		{Name: "idNumber", Kind: page.Text, Label: q.T("hall.page.number"), Hint: q.T("hall.page.number_hint"),
			Required: true, Max: 18, Autocomplete: "off"},
		{Name: "address", Kind: page.Text, Label: q.T("hall.page.address"), Max: 200, Autocomplete: "street-address"},
	}
}

type checkPage struct {
	Item     string
	Action   string
	Restart  string
	Position string
	Back     string
	Groups   []checkGroup
}

type checkGroup struct {
	Heading, Href string
	Rows          []checkRow
}

type checkRow struct{ Key, Label, Value string }

func (s *Service) renderCheck(q *page.Request, status int, item *Item, d *draft) error {
	all := d.steps(item)
	v := checkPage{Item: item.Name.In(q.Lang), Action: d.Step(stepCheck), Restart: d.Restart(), Back: d.Step(stepFiles),
		Position: q.T("hall.page.step", "at", len(all), "of", len(all))}
	person := checkGroup{Heading: q.T("hall.page.applicant"), Href: d.Step(stepPerson)}
	for _, f := range personFields(q) {
		q.Name(f.Name, f.Label)
		person.Rows = append(person.Rows, checkRow{f.Name, f.Label, d.personValue(f.Name)})
	}
	if len(d.Tell) > 0 {
		q.Name("tell", q.T("casework.page.tell"))
		person.Rows = append(person.Rows, checkRow{"tell", q.T("casework.page.tell"), follow.TellWords(q, d.Tell)})
	}
	if d.Person.Email != "" {
		person.Rows = append(person.Rows, checkRow{"email", q.T("casework.page.email"), d.Person.Email})
	}
	place := checkGroup{Heading: q.T("hall.page.community"), Href: d.Step(stepPlace),
		Rows: []checkRow{{"area", q.T("registry.page.pick"), d.Place.Told(s.Communities, q.Lang)}}}
	v.Groups = append(v.Groups, person, place)
	asker, asked := s.Asker(q.T, q.Lang), form.Asked(item.Form, d.Answers)
	for _, group := range form.Pages(item.Form, d.Answers) {
		g := checkGroup{Heading: group.Fields[0].Group.In(q.Lang), Href: d.Step(strconv.Itoa(group.Number))}
		for _, f := range group.Fields {
			if label := f.Label.In(q.Lang); asked[f.Key] {
				q.Name(f.Key, label)
				g.Rows = append(g.Rows, checkRow{f.Key, label, asker.Told(&f, d.Answers[f.Key])})
			}
		}
		v.Groups = append(v.Groups, g)
	}
	brought := checkGroup{Heading: q.T("hall.page.files"), Href: d.Step(stepFiles)}
	for _, slot := range slots(q, item, d) {
		names := make([]string, len(slot.Staged))
		for i, f := range slot.Staged {
			names[i] = f.Name
		}
		brought.Rows = append(brought.Rows, checkRow{slot.Field.Name, slot.Field.Label, strings.Join(names, "\n")})
	}
	v.Groups = append(v.Groups, brought)
	return q.Render(status, "hall/check", v)
}
