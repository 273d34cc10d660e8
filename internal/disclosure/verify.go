package disclosure

import (
	"context"
	"encoding/json"

	"linli/internal/platform/db"
)

// Finding is a posted edition that does not prove itself.
type Finding struct {
	Entry   string `json:"entry"`
	Edition int    `json:"edition"`
	Kind    string `json:"kind" enum:"bytes,content,log,chain" doc:"The bytes have another hash; the row shows something else than the bytes; no record of the log has the hash; the chain of corrections is broken"`
}

// Verification is the outcome of Verify.
type Verification struct {
	Checked  int       `json:"checked" doc:"Editions that were ever posted"`
	Findings []Finding `json:"findings"`
}

// verifyBatch is how many Editions are read at once.
const verifyBatch = 500

// Verify recomputes the hash of every edition that was ever posted from its bytes, and looks for it in the audit log, whose own
// tree proves that its records were not altered ([audit.Log.Verify]).
func (s *Service) Verify(ctx context.Context) (Verification, error) {
	out := Verification{Findings: []Finding{}}
	shard, id, edition := "", "", 0
	hashes := map[string]string{} // by entry, of the edition before
	for {
		all, err := db.All(ctx, s.Log.DB, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry WHERE document <> ''
			AND (shard, id, edition) > ($1, $2, $3) ORDER BY shard, id, edition LIMIT $4`, shard, id, edition, verifyBatch)
		if err != nil || len(all) == 0 {
			return out, err
		}
		for i := range all {
			e := &all[i]
			shard, id, edition = e.Shard, e.ID, e.Edition
			out.Checked++
			kind, err := s.fault(ctx, e, hashes[e.ID])
			if err != nil {
				return out, err
			}
			if kind != "" {
				out.Findings = append(out.Findings, Finding{e.ID, e.Edition, kind})
			}
			hashes[e.ID] = e.Hash
		}
	}
}

// fault is what is wrong with a posted edition, or "".
func (s *Service) fault(ctx context.Context, e *Entry, before string) (string, error) {
	if hashOf(e.Document) != e.Hash {
		return "bytes", nil
	}
	var d Document
	if err := json.Unmarshal([]byte(e.Document), &d); err != nil {
		return "bytes", nil //nolint:nilerr // bytes that cannot be read are a finding
	}
	if e.Edition > 1 && d.Previous != before {
		return "chain", nil
	}
	shown, _ := json.Marshal(e.Content) // plain data
	posted, _ := json.Marshal(d.Content)
	if string(shown) != string(posted) || d.ID != e.ID || d.Edition != e.Edition || d.Area != e.Area && d.Item != e.Item {
		return "content", nil
	}
	rows, err := s.Log.Of(ctx, e.ID, verifyRecords, permApprove)
	if err != nil {
		return "", err
	}
	for i := range rows {
		var after struct{ Hash string }
		if json.Unmarshal([]byte(rows[i].After), &after) == nil && after.Hash == e.Hash {
			return "", nil
		}
	}
	return "log", nil
}

// verifyRecords bounds the records of one entry that are read.
const verifyRecords = 1000
