package main

import (
	"sync"
	"testing"

	"chancery/models"
	"chancery/testdb"
)

// Ten instances that start at once on a new database migrate it once, and all of
// them can go on.
func TestTenInstancesStartAtOnce(t *testing.T) {
	for _, engine := range testdb.Engines {
		t.Run(engine, func(t *testing.T) {
			database := testdb.Empty(t, engine)
			var wait sync.WaitGroup
			for range 10 {
				wait.Go(func() {
					if out, err := program(t, "--database", database, "migrate").CombinedOutput(); err != nil {
						t.Errorf("%v\n%s", err, out)
					}
				})
			}
			wait.Wait()
			store := testdb.Open(t, database)
			size, err := store.Lists().Totals(models.WithRestricted(t.Context()))
			if err != nil || size.Parties < 350 {
				t.Errorf("%+v, %v", size, err)
			}
		})
	}
}
