package change

import (
	"context"
	"encoding/json"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// States of an import.
const (
	ImportPreview = "preview" // read and compared, nothing changed
	ImportRunning = "running"
	ImportDone    = "done"
	ImportFailed  = "failed" // nothing changed; Refusal says why
)

// AreaImport is a list of areas on its way into the register.
type AreaImport struct {
	ID         string         `json:"id"`
	Area       string         `json:"area" doc:"Smallest area that holds all rows; empty for several provinces"`
	Name       string         `json:"name" doc:"First file"`
	By         string         `json:"by" doc:"Who uploaded it"`
	State      string         `json:"state" enum:"preview,running,done,failed"`
	Effective  string         `json:"effective" doc:"First day of what the files say"`
	Supplement bool           `json:"supplement" doc:"The files only add: what they leave out goes on"`
	At         int64          `json:"at"`
	EndedAt    int64          `json:"endedAt" doc:"0 until it has ended"`
	Version    int64          `json:"version"`
	Decisions  []DecisionView `json:"decisions"`
	Report     ReportView     `json:"report"`
	Refusal    *RefusalView   `json:"refusal,omitempty" doc:"Of an import that failed"`
	Written    int            `json:"written" doc:"New areas written so far, of this process; the rest follows at once"`

	account  string
	rows     string
	revision int64
}

// RefusalView is why an import failed, worded by error.<key>.
type RefusalView struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args"`
}

// importColumns leave out the rows, which may be large.
const importColumns = `id, area, name, account_id, account_name, state, effective_on, supplement, decisions, report, refusal, revision, created_at, ended_at, version`

func scanImport(row db.Scanner) (i AreaImport, err error) {
	var decisions, report, refusal string
	err = row.Scan(&i.ID, &i.Area, &i.Name, &i.account, &i.By, &i.State, &i.Effective, db.YesNo(&i.Supplement), &decisions, &report, &refusal,
		&i.revision, &i.At, &i.EndedAt, &i.Version)
	if err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(decisions), &i.Decisions); err != nil {
		return i, err
	}
	if refusal != "" {
		if err := json.Unmarshal([]byte(refusal), &i.Refusal); err != nil {
			return i, err
		}
	}
	return i, json.Unmarshal([]byte(report), &i.Report)
}

func findImport(ctx context.Context, r db.Reader, id string) (AreaImport, error) {
	return db.One(ctx, r, scanImport, `SELECT `+importColumns+` FROM registry_import WHERE id = $1`, id)
}

func listImports(ctx context.Context, r db.Reader, state string) ([]AreaImport, error) {
	if state == "" {
		return db.All(ctx, r, scanImport, `SELECT `+importColumns+` FROM registry_import ORDER BY id DESC LIMIT 50`)
	}
	return db.All(ctx, r, scanImport, `SELECT `+importColumns+` FROM registry_import WHERE state = $1 ORDER BY id`, state)
}

func importRows(ctx context.Context, r db.Reader, id string) ([]areaRow, error) {
	kept, err := db.Value[string](ctx, r, `SELECT area_rows FROM registry_import WHERE id = $1`, id)
	if err != nil {
		return nil, err
	}
	if kept == "" { // finish has emptied it
		return nil, errs.ErrStale
	}
	return unpackRows(kept)
}

func (i *AreaImport) texts() (decisions, report string, err error) {
	d, err := json.Marshal(i.Decisions)
	if err != nil {
		return "", "", err
	}
	r, err := json.Marshal(i.Report)
	return string(d), string(r), err
}
