package status_test

import (
	"fmt"

	"chancery/models/edtf"
	"chancery/models/status"
)

// A plan signed on 5 November 2025, valid for the years 2026 and 2027.
func Example() {
	facts := status.Facts{Signed: status.On("2025-11-05"), Parties: []status.Party{{Code: "BY"}, {Code: "RU"}},
		Periods: []status.Period{{From: status.On("2026-01-01"), Until: status.On("2027-12-31")}}}
	for _, on := range []edtf.Day{"2025-01-01", "2025-12-31", "2026-01-01", "2028-01-01"} {
		fmt.Println(on, status.At(facts.Outcome().Whole, on).Status)
	}
	// Output:
	// 2025-01-01 proposed
	// 2025-12-31 signed
	// 2026-01-01 in-force
	// 2028-01-01 expired
}
