package exchange

import (
	"context"
	"io"
	"strconv"

	"chancery/models"
)

// A Preview is a row as it will be read.
type Preview struct {
	Line     int
	Draft    models.AgreementDraft
	Number   int64
	What     string
	Refusals []models.Refusal
}

// WriteRefusals writes what an import refused as CSV, with the reasons in words.
func WriteRefusals(ctx context.Context, w io.Writer, store *models.Store, id int64, files []models.ImportFile,
	say func(models.Problem) string, options CSVOptions) error {
	t, err := newTable(w, []string{"file", "line", "column", "value", "rule", "reason", "row"}, options)
	if err != nil {
		return err
	}
	after := int64(0)
	for {
		list, err := store.Bulk().Refusals(ctx, id, after, 1000)
		if err != nil {
			return err
		}
		for _, r := range list {
			name := ""
			if r.File < len(files) {
				name = files[r.File].Name
			}
			what := "value"
			if r.Whole {
				what = "row"
			}
			if err := t.write([]string{name, strconv.Itoa(r.Line), r.Name, r.Value, r.Problem, say(r.Why()), what}); err != nil {
				return err
			}
			after = r.ID
		}
		if len(list) == 0 {
			return t.flush()
		}
	}
}
