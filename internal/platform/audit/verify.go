package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// Fault is what a verification finds wrong with a record.
type Fault string

const (
	Altered Fault = "altered" // its content is not what was sealed
	Removed Fault = "removed" // it was sealed and is gone
	Moved   Fault = "moved"   // it stands at another place than it was sealed at
	Added   Fault = "added"   // it claims a place in the log and was never sealed
	Broken  Fault = "broken"  // the log's own hashes or numbers were changed
)

// Finding names one record with which something is wrong.
type Finding struct {
	Fault  Fault
	Seq    int64  // place in the log; -1 when it has none
	Entry  string // id of the record
	Action string // of the record as it stands, or ""
	Note   string // what a reader should know more, or ""
}

func (f Finding) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: record %d, %s %s %s", f.Fault, f.Seq, f.Entry, f.Action, f.Note))
}

// Report is the outcome of a verification.
type Report struct {
	Head      Head  // recomputed from what stands in the database
	Waiting   int64 // records not yet sealed
	Forgotten int64 // records at the beginning that were dropped after their time was over
	Findings  []Finding
}

// mostFindings bounds a report: past it, only the first are named.
const mostFindings = 1000

// leafRow is a place in the log with the record that stands there now, if any.
type leafRow struct {
	seq    int64
	entry  string
	hashes string
	found  bool
	row    Row
}

// Verify recomputes the whole log from the records and names every one that was altered,
// removed, moved or slipped in. With an earlier head it also tells whether what the head covers
// is still the same. It reads and changes nothing; what is sealed while it reads is left to the
// next verification.
func (l *Log) Verify(ctx context.Context, earlier *Head) (Report, error) {
	v := verification{log: l, earlier: earlier}
	v.report.Head.At = clock.Now(ctx)
	size, err := treeSize(ctx, l.DB)
	if err != nil {
		return v.report, err
	}
	if err := l.DB.QueryRow(ctx, `SELECT forgotten FROM audit_tree WHERE name = 'log'`).Scan(&v.report.Forgotten); err != nil {
		return v.report, err
	}
	for {
		leaves, err := listLeaves(ctx, l.DB, v.next, size)
		if err != nil {
			return v.report, err
		}
		if len(leaves) == 0 {
			break
		}
		for i := range leaves {
			v.leaf(&leaves[i])
		}
	}
	if v.next < size {
		v.find(Finding{Fault: Removed, Seq: v.next, Note: fmt.Sprintf("the log ends at %d places and counted %d", v.next, size)})
	}
	if err := v.overhang(ctx); err != nil {
		return v.report, err
	}
	v.recognise()
	if err := v.strays(ctx); err != nil {
		return v.report, err
	}
	if err := v.forgetting(ctx); err != nil {
		return v.report, err
	}
	v.report.Head.Size, v.report.Head.Root = v.next, v.tree.root()
	v.compare()
	return v.report, nil
}

// overhang finds places beyond what the log counts. The last place is read before the count: both
// grow in one write.
func (v *verification) overhang(ctx context.Context) error {
	end, err := db.Value[int64](ctx, v.log.DB, `SELECT COALESCE(MAX(seq) + 1, 0) FROM audit_leaf`)
	if err != nil {
		return err
	}
	size, err := treeSize(ctx, v.log.DB)
	if err == nil && end > size {
		v.find(Finding{Fault: Broken, Seq: size, Note: fmt.Sprintf("the log has %d places and counts %d", end, size)})
	}
	return err
}

// verification goes through the log from its first record to its last.
type verification struct {
	log     *Log
	earlier *Head
	report  Report
	next    int64 // place that comes next
	tree    edge
	then    tlog.Hash // root at the earlier head's size
	there   bool      // that size was reached

	wrong []wrongLeaf
}

// wrongLeaf is a place whose record does not fit, kept to recognise records that were moved.
type wrongLeaf struct {
	finding      Finding
	sealed, seen tlog.Hash
}

func (v *verification) leaf(leaf *leafRow) {
	for ; v.next < leaf.seq; v.next++ {
		v.find(Finding{Fault: Removed, Seq: v.next, Note: "with its place in the log"})
		v.tree.add(tlog.Hash{})
	}
	if leaf.seq < v.next {
		v.find(Finding{Fault: Broken, Seq: leaf.seq, Entry: leaf.entry, Note: "the place is taken twice"})
		return
	}
	hashes, err := decodeHashes(leaf.hashes)
	if err != nil {
		v.find(Finding{Fault: Broken, Seq: leaf.seq, Entry: leaf.entry, Note: "its hashes cannot be read"})
		hashes = []tlog.Hash{{}}
	}
	sealed, own := hashes[0], hashes[0]
	at := Finding{Seq: leaf.seq, Entry: leaf.entry, Action: leaf.row.Action}
	switch {
	case !leaf.found && leaf.seq < v.report.Forgotten: // its time was over: the log keeps its hash alone
	case !leaf.found:
		at.Fault = Removed
		v.find(at)
	default:
		own = leaf.row.hash()
		switch {
		case own != sealed:
			at.Fault = Altered
			v.wrong = append(v.wrong, wrongLeaf{at, sealed, own})
		case leaf.row.Seq == nil || *leaf.row.Seq != leaf.seq:
			at.Fault, at.Note = Moved, "it claims another place"
			v.find(at)
		}
	}
	completed := v.tree.add(own)
	if own == sealed && !slices.Equal(completed, hashes) {
		v.treeBroken(leaf)
	}
	v.next++
	if v.earlier != nil && v.next == v.earlier.Size {
		v.then, v.there = v.tree.root(), true
	}
}

// treeBroken reports stored inner hashes that do not fit, unless a faulty record below explains it.
func (v *verification) treeBroken(leaf *leafRow) {
	if len(v.report.Findings) == 0 && len(v.wrong) == 0 {
		v.find(Finding{Fault: Broken, Seq: leaf.seq, Entry: leaf.entry, Note: "the stored hashes of the tree were changed"})
	}
}

// recognise tells records that were moved from records that were altered: what stands here was
// sealed elsewhere.
func (v *verification) recognise() {
	sealedAt := map[tlog.Hash]int64{}
	for _, w := range v.wrong {
		sealedAt[w.sealed] = w.finding.Seq
	}
	for _, w := range v.wrong {
		if seq, ok := sealedAt[w.seen]; ok {
			w.finding.Fault, w.finding.Note = Moved, fmt.Sprintf("it was sealed at %d", seq)
		}
		v.find(w.finding)
	}
}

// strays finds records that claim a place and have none, and counts those that wait.
func (v *verification) strays(ctx context.Context) error {
	rows, err := db.All(ctx, v.log.DB, scanRow, `SELECT `+rowColumns+` FROM audit_entry e
		LEFT JOIN audit_leaf l ON l.shard = e.shard AND l.entry_id = e.id
		WHERE e.seq IS NOT NULL AND l.seq IS NULL ORDER BY e.id LIMIT $1`, mostFindings)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v.find(Finding{Fault: Added, Seq: *r.Seq, Entry: r.ID, Action: r.Action})
	}
	v.report.Waiting, err = db.Value[int64](ctx, v.log.DB, `SELECT COUNT(*) FROM audit_entry e WHERE e.seq IS NULL AND NOT EXISTS
		(SELECT 1 FROM audit_leaf l WHERE l.shard = e.shard AND l.entry_id = e.id)`)
	return err
}

// forgetting checks that what is said to have been dropped was recorded in the log itself.
func (v *verification) forgetting(ctx context.Context) error {
	if v.report.Forgotten == 0 {
		return nil
	}
	n, err := db.Value[int64](ctx, v.log.DB, `SELECT COUNT(*) FROM audit_entry e WHERE e.action = $1 AND e.subject_id = $2`,
		actionForget, fmt.Sprint(v.report.Forgotten))
	if err == nil && n == 0 {
		v.find(Finding{Fault: Removed, Seq: 0,
			Note: fmt.Sprintf("the first %d records are gone and no record says that they were dropped", v.report.Forgotten)})
	}
	return err
}

func (v *verification) compare() {
	switch {
	case v.earlier == nil || v.earlier.Size == 0:
	case !v.there:
		v.find(Finding{Fault: Removed, Seq: v.next,
			Note: fmt.Sprintf("the earlier head covers %d records and the log has %d", v.earlier.Size, v.next)})
	case v.then != v.earlier.Root:
		v.find(Finding{Fault: Altered, Seq: -1, Note: fmt.Sprintf("the first %d records are not those of the earlier head", v.earlier.Size)})
	}
}

func (v *verification) find(f Finding) {
	if len(v.report.Findings) < mostFindings {
		v.report.Findings = append(v.report.Findings, f)
	}
}

func listLeaves(ctx context.Context, r db.Reader, from, until int64) ([]leafRow, error) {
	const page = 2000
	return db.All(ctx, r, func(s db.Scanner) (leaf leafRow, err error) {
		var id, shard, actorID, actorName, origin, session, action, area, subject, subjectID, detail, before, after *string
		var at, seq *int64
		err = s.Scan(&leaf.seq, &leaf.entry, &leaf.hashes, &shard, &id, &at, &actorID, &actorName, &origin, &session, &action, &area,
			&subject, &subjectID, &detail, &before, &after, &seq)
		if err == nil && id != nil {
			leaf.found = true
			leaf.row = Row{Shard: *shard, ID: *id, At: *at, ActorID: *actorID, ActorName: *actorName, Origin: *origin, Session: *session,
				Action: *action, Area: *area, Subject: *subject, SubjectID: *subjectID, Detail: *detail, Before: *before, After: *after, Seq: seq}
		}
		return leaf, err
	}, `SELECT l.seq, l.entry_id, l.hashes, `+rowColumns+` FROM audit_leaf l
		LEFT JOIN audit_entry e ON e.shard = l.shard AND e.id = l.entry_id
		WHERE l.seq >= $1 AND l.seq < $2 ORDER BY l.seq, l.entry_id LIMIT $3`, from, until, page)
}

// edge is the right edge of a growing Merkle tree (RFC 6962): the roots of its whole subtrees,
// largest first. It needs no more memory than the tree is high.
type edge struct {
	levels []int
	hashes []tlog.Hash
}

// add takes the next leaf and tells the hashes that it completes, lowest level first.
func (e *edge) add(leaf tlog.Hash) []tlog.Hash {
	level, h := 0, leaf
	completed := []tlog.Hash{h}
	for n := len(e.levels); n > 0 && e.levels[n-1] == level; n-- {
		h = tlog.NodeHash(e.hashes[n-1], h)
		e.levels, e.hashes = e.levels[:n-1], e.hashes[:n-1]
		completed = append(completed, h)
		level++
	}
	e.levels, e.hashes = append(e.levels, level), append(e.hashes, h)
	return completed
}

// root is the hash of the tree as it stands; that of nothing for an empty one.
func (e *edge) root() tlog.Hash {
	var h tlog.Hash
	for i := len(e.hashes) - 1; i >= 0; i-- {
		if i == len(e.hashes)-1 {
			h = e.hashes[i]
		} else {
			h = tlog.NodeHash(e.hashes[i], h)
		}
	}
	return h
}
