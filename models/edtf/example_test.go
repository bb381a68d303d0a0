package edtf_test

import (
	"fmt"

	"chancery/models/edtf"
)

func Example() {
	for _, written := range []string{"2025-11-05", "196X", "1981-09..1981-10", "2026/2027", "2025-02-30"} {
		d, err := edtf.ParseDate(written)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(d.Earliest, d.Latest, d.Interval)
	}
	fmt.Println(edtf.Day("2024-01-31").AddMonths(1))
	// Output:
	// 2025-11-05 2025-11-05 false
	// 1960-01-01 1969-12-31 false
	// 1981-09-01 1981-10-31 false
	// 2026-01-01 2027-12-31 true
	// "2025-02-30" has a day that does not exist in that month
	// 2024-02-29
}
