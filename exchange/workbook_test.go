package exchange

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"chancery/models"

	"github.com/xuri/excelize/v2"
)

// A table of pairs that is too long for a spreadsheet is left out, and the last
// sheet says so; of a pair the workbook has its rows alone.
func TestAWorkbookSaysWhatIsLeftOut(t *testing.T) {
	a := &models.Agreement{ID: 1, Title: "Charter"}
	for i := range 460 {
		a.Participations = append(a.Participations, models.Participation{Party: fmt.Sprintf("P%03d", i), Role: "party"})
	}
	all := func(yield func(*models.Agreement, error) bool) { yield(a, nil) }
	for _, test := range []struct {
		pair  [2]string
		sheet string
		rows  [][]string
	}{
		{[2]string{}, "left out", [][]string{{"table", "more_than", "address"},
			{"dyads", "100000", "https://treaties.example/agreements.csv?table=dyads"}}},
		{[2]string{"P001", "P002"}, "dyads", nil},
	} {
		var out bytes.Buffer
		if err := WriteWorkbook(&out, Records{All: all, Site: "https://treaties.example", Pair: test.pair}); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if has := book.GetSheetList(); slices.Contains(has, "dyads") != (test.rows == nil) || slices.Contains(has, "left out") == (test.rows == nil) {
			t.Errorf("of %v the sheets are %q", test.pair, has)
		}
		rows, err := book.GetRows(test.sheet)
		if err != nil || test.rows == nil && len(rows) != 2 || test.rows != nil && !slices.EqualFunc(rows, test.rows, slices.Equal[[]string]) {
			t.Errorf("%s has %q (%v)", test.sheet, rows, err)
		}
	}
}
