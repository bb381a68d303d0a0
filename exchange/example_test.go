package exchange_test

import (
	"fmt"
	"iter"
	"strings"

	"chancery/exchange"
	"chancery/models"
)

func Example() {
	var events iter.Seq2[*models.Event, error] = func(yield func(*models.Event, error) bool) {
		yield(&models.Event{Date: "2025-11", DateEarliest: "2025-11-01", DateLatest: "2025-11-30", Event: "signature",
			Agreement: 1, Title: "Cooperation plan 2026–2027", Kind: "plan", Parties: "BY;RU"}, nil)
	}
	var table strings.Builder
	if err := exchange.WriteTimelineCSV(&table, events, exchange.CSVOptions{}); err != nil {
		fmt.Println(err)
	}
	fmt.Print(strings.ReplaceAll(table.String(), "\r\n", "\n"))
	csv, _ := exchange.FormatNamed("csv")
	fmt.Println(csv.ContentType())
	for _, written := range []string{"5. November 2025", "05.11.2025", "05/11/2025"} {
		date, err := exchange.ReadDate(written, "", false)
		if err != nil {
			fmt.Println(written, "can be two days")
			continue
		}
		fmt.Println(date.Earliest)
	}
	// Output:
	// date,date_earliest,date_latest,event,agreement,title,kind,parties,party,institution,person,office,place,meeting,note,source,url
	// 2025-11,2025-11-01,2025-11-30,signature,1,Cooperation plan 2026–2027,plan,BY;RU,,,,,,,,,
	// text/csv; charset=utf-8
	// 2025-11-05
	// 2025-11-05
	// 05/11/2025 can be two days
}
