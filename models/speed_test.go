package models_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/models"
	"chancery/testdb"
)

// BenchmarkSearch measures a search beside the very statements that it sends, bare,
// one after the other: what understanding a query, ranking and explaining cost on
// top (make bench; CHANCERY_BENCH sets how many agreements there are).
func BenchmarkSearch(b *testing.B) {
	size := 10_000
	if n, err := strconv.Atoi(os.Getenv("CHANCERY_BENCH")); err == nil {
		size = min(n, 75_000)
	}
	words := []string{"fisheries", "air transport", "cooperation convention", "Person 0042", "declaration 4711",
		"France trade", "Weißrussland security", "Перо", "fisherys", "health -treaty"}
	for _, engine := range testdb.Engines {
		store := testdb.Open(b, testdb.Address(b, engine))
		if err := exchange.Generate(ctx, store, size); err != nil {
			b.Fatal(err)
		}
		if err := store.Tamper("ANALYZE"); err != nil {
			b.Fatal(err)
		}
		b.Run(engine, func(b *testing.B) {
			var ours, bare []time.Duration
			for b.Loop() {
				for _, w := range words {
					search := func() {
						if _, err := store.Searches().Search(ctx, models.Filter{Query: w, On: "2026-11-23"}, "en", 20); err != nil {
							b.Fatal(err)
						}
					}
					statements := store.Statements(search)
					begin := time.Now()
					search()
					ours = append(ours, time.Since(begin))
					begin = time.Now()
					for _, sql := range statements {
						if err := store.Bare(ctx, sql); err != nil {
							b.Fatalf("%s: %v", sql, err)
						}
					}
					bare = append(bare, time.Since(begin))
				}
			}
			slices.Sort(ours)
			slices.Sort(bare)
			b.ReportMetric(float64(ours[len(ours)/2].Microseconds()), "µs/search")
			b.ReportMetric(float64(bare[len(bare)/2].Microseconds()), "µs/bare")
			b.ReportMetric(float64(ours[len(ours)/2])/float64(bare[len(bare)/2]), "×bare")
		})
	}
}
