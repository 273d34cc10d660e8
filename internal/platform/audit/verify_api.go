package audit

import (
	"context"
	"errors"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// verifyFor is how long a verification asked for over the API may take; a longer log is verified
// by the command.
const verifyFor = 60 * time.Second

// mostShown bounds the findings of an answer.
const mostShown = 200

// FindingView names one record with which something is wrong.
type FindingView struct {
	Fault  string `json:"fault" enum:"altered,removed,moved,added,broken,head" doc:"Worded by audit.fault.<fault>; head: the log is not the one of the earlier head"`
	Seq    int64  `json:"seq" doc:"Place in the log; -1 when it has none"`
	Entry  string `json:"entry" doc:"Id of the record"`
	Action string `json:"action" doc:"Of the record as it stands, or empty"`
}

// VerifyView is the outcome of a verification.
type VerifyView struct {
	Size      int64         `json:"size" doc:"Records sealed"`
	Root      string        `json:"root" doc:"Recomputed from the records, base64"`
	Waiting   int64         `json:"waiting" doc:"Records not yet sealed"`
	Forgotten int64         `json:"forgotten" doc:"Records dropped after their time"`
	Earlier   int64         `json:"earlier" doc:"Records that the earlier head covers; 0 without one"`
	Count     int           `json:"count" doc:"Findings, at most a thousand"`
	Findings  []FindingView `json:"findings" doc:"The first two hundred"`
	At        int64         `json:"at"`
}

type verifyInput struct {
	Body struct {
		Head string `json:"head,omitempty" maxLength:"2000" doc:"A signed head that was kept elsewhere: the log must still contain what it covers"`
	}
}

// apiVerify verifies the whole log, one verification at a time in a process. What was found is
// recorded with the count of findings.
func (k *Store) apiVerify(ctx context.Context, in *verifyInput) (*httpx.Answer[VerifyView], error) {
	var earlier *Head
	if in.Body.Head != "" {
		h, err := ParseHead([]byte(in.Body.Head), k.Ring)
		if err != nil {
			return nil, errs.New(errs.Invalid, "audit.head").Because(err)
		}
		earlier = &h
	}
	if !k.verifying.TryLock() {
		return nil, errs.New(errs.TooMany, "audit.verifying")
	}
	defer k.verifying.Unlock()
	bounded, cancel := context.WithTimeout(ctx, verifyFor)
	defer cancel()
	report, err := k.Log.Verify(bounded, earlier)
	if err != nil {
		if errors.Is(bounded.Err(), context.DeadlineExceeded) {
			return nil, errs.New(errs.Unavailable, "audit.verify_long").With("seconds", int(verifyFor.Seconds())).Because(err)
		}
		return nil, err
	}
	v := report.view(earlier)
	return httpx.NewAnswer(v), k.Log.Do(ctx, func(tx *Tx) error {
		tx.Judged() // by the route's permission; the log is one for all areas
		tx.Record(Entry{Action: permVerify, Area: authority.From(ctx).Scope(permVerify)[0], Subject: "audit.entry",
			Detail: map[string]any{"size": v.Size, "root": v.Root, "findings": v.Count, "earlier": v.Earlier}})
		return nil
	})
}

func (r *Report) view(earlier *Head) VerifyView {
	v := VerifyView{Size: r.Head.Size, Root: r.Head.Root.String(), Waiting: r.Waiting, Forgotten: r.Forgotten, Count: len(r.Findings),
		Findings: []FindingView{}, At: r.Head.At.UnixMilli()}
	if earlier != nil {
		v.Earlier = earlier.Size
	}
	for _, f := range r.Findings[:min(mostShown, len(r.Findings))] {
		fault := string(f.Fault)
		if f.Fault == Altered && f.Seq < 0 {
			fault = "head"
		}
		v.Findings = append(v.Findings, FindingView{fault, f.Seq, f.Entry, f.Action})
	}
	return v
}
