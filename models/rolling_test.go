package models_test

import (
	"errors"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// While instances are upgraded one after the other, a program serves beside a newer
// schema that says it may, also when it starts then; one whose time is over
// refuses.
func TestAProgramServesBesideTheNextSchema(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			address := testdb.Address(t, engine)
			store := testdb.Open(t, address)
			if err := store.Upkeep().Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			// What the next release's migration does: it adds something, and goes on serving
			// this one.
			testdb.Execute(t, address, "ALTER TABLE agreements ADD COLUMN what_comes_next text NOT NULL DEFAULT ''")
			testdb.Execute(t, address, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, TRUE)")
			if err := store.Upkeep().Ready(t.Context()); err != nil {
				t.Errorf("beside the next schema: %v", err)
			}
			id := record(t, store, seed())
			another := testdb.Open(t, address) // starts only now, and migrates nothing
			if a, err := another.Agreement(models.WithRestricted(t.Context()), id); err != nil || len(a.Titles) != 2 {
				t.Errorf("%+v, %v", a, err)
			}
			testdb.Execute(t, address, "UPDATE compatibility SET serves_from = 9000")
			if err := store.Upkeep().Ready(t.Context()); !errors.Is(err, models.ErrNewerSchema) {
				t.Errorf("when its time is over: %v", err)
			}
			if err := another.Upkeep().Migrate(t.Context()); !errors.Is(err, models.ErrNewerSchema) {
				t.Errorf("starting when its time is over: %v", err)
			}
		})
	}
}
