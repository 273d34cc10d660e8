package burden

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

const eventColumns = `id, at, area, body, way, subject, title, pass, asked, answered, fields, prefilled, declared, measured`

func insertEvent(ctx context.Context, tx *audit.Tx, origin string, l *gate.Load) error {
	shard := db.Shard(l.Area)
	return tx.Send(ctx, `INSERT INTO burden_event (shard, day, origin, `+eventColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`, shard, clock.Day(l.At), origin, shard+"-"+db.NewID(ctx), clock.Millis(l.At),
		l.Area, l.Body, string(l.Way), l.Subject, l.Title, l.Pass, l.Asked, l.Answered, l.Fields, l.Prefilled, l.Declared, l.Measured)
}

// Event is one time that a community was asked for something, or answered.
type Event struct {
	ID        string `json:"id"`
	At        int64  `json:"at"`
	Area      string `json:"area"`
	Body      string `json:"body"`
	Way       string `json:"way" enum:"task,form,inspection,meeting,certificate,part,redirect"`
	Subject   string `json:"subject" doc:"Id of the task or of the sending of a form"`
	Title     string `json:"title"`
	Pass      string `json:"pass" doc:"Number of the admission, or code of the listed duty"`
	Asked     int    `json:"asked"`
	Answered  int    `json:"answered"`
	Fields    int    `json:"fields"`
	Prefilled int    `json:"prefilled"`
	Declared  int    `json:"declared" doc:"Minutes"`
	Measured  int    `json:"measured" doc:"Minutes"`
}

func scanEvent(r db.Scanner) (e Event, err error) {
	err = r.Scan(&e.ID, &e.At, &e.Area, &e.Body, &e.Way, &e.Subject, &e.Title, &e.Pass, &e.Asked, &e.Answered, &e.Fields,
		&e.Prefilled, &e.Declared, &e.Measured)
	return e, err
}

const (
	figureColumns = `asked, answered, fields, prefilled, declared, measured, timed`
	summed        = `CAST(SUM(asked) AS BIGINT), CAST(SUM(answered) AS BIGINT), CAST(SUM(fields) AS BIGINT), CAST(SUM(prefilled) AS BIGINT),
		CAST(SUM(declared) AS BIGINT), CAST(SUM(measured) AS BIGINT), CAST(SUM(timed) AS BIGINT)`
	countConflict = ` ON CONFLICT (shard, origin, body, way, month) DO UPDATE SET
		asked = burden_count.asked + excluded.asked, answered = burden_count.answered + excluded.answered,
		fields = burden_count.fields + excluded.fields, prefilled = burden_count.prefilled + excluded.prefilled,
		declared = burden_count.declared + excluded.declared, measured = burden_count.measured + excluded.measured,
		timed = burden_count.timed + excluded.timed`
	dayConflict = ` ON CONFLICT (shard, origin, day) DO UPDATE SET
		asked = burden_day.asked + excluded.asked, answered = burden_day.answered + excluded.answered,
		fields = burden_day.fields + excluded.fields, prefilled = burden_day.prefilled + excluded.prefilled,
		declared = burden_day.declared + excluded.declared, measured = burden_day.measured + excluded.measured,
		timed = burden_day.timed + excluded.timed`
)

func addCount(ctx context.Context, tx *audit.Tx, k countKey, f Figures) error {
	return tx.Send(ctx, `INSERT INTO burden_count (shard, origin, body, way, month, level, area, `+figureColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`+countConflict, k.shard, k.origin, k.body, k.way, k.month, k.level, k.area,
		f.Asked, f.Answered, f.Fields, f.Prefilled, f.Declared, f.Measured, f.Timed)
}

func addDay(ctx context.Context, tx *audit.Tx, k dayKey, f Figures) error {
	return tx.Send(ctx, `INSERT INTO burden_day (shard, origin, day, level, area, `+figureColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`+dayConflict, k.shard, k.origin, k.day, k.level, k.area,
		f.Asked, f.Answered, f.Fields, f.Prefilled, f.Declared, f.Measured, f.Timed)
}

// destinations are where the columns of a sum are read to.
func (f *Figures) destinations() []any {
	return []any{&f.Asked, &f.Answered, &f.Fields, &f.Prefilled, &f.Declared, &f.Measured, &f.Timed}
}
