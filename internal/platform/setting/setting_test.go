package setting_test

import (
	"context"
	"testing"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/setting"
)

func TestASettingIsReadAsItWasWrittenLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := authority.With(context.Background(), authority.SystemActor("test"))
		if _, there, err := setting.Read(ctx, d, "one"); there || err != nil {
			t.Fatalf("an unwritten setting: %v, %v", there, err)
		}
		log := &audit.Log{DB: d}
		for _, value := range []string{"first", "second"} {
			err := log.Do(ctx, func(tx *audit.Tx) error {
				if err := tx.Require("test", "3207"); err != nil {
					return err
				}
				tx.Record(audit.Entry{Action: "test", Area: "3207", Subject: "setting", SubjectID: "one"})
				return setting.Write(ctx, tx, "one", value)
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, there, err := setting.Read(ctx, d, "one"); got != value || !there || err != nil {
				t.Fatalf("read %q, %v, %v; want %q", got, there, err, value)
			}
		}
	})
}
