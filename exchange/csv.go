package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"chancery/models"
)

// CSVOptions choose between the flavours of a table.
type CSVOptions struct {
	Exact bool // write every cell as it is, even one that a spreadsheet would run as a formula
	BOM   bool // begin with the byte-order mark by which Excel knows UTF-8
}

// WriteTimelineCSV streams events as RFC 4180 CSV with a header row; it holds one
// row at a time.
func WriteTimelineCSV(w io.Writer, events iter.Seq2[*models.Event, error], options CSVOptions) error {
	t, err := newTable(w, TimelineTable.Header(), options)
	if err != nil {
		return err
	}
	row := make([]string, len(TimelineTable.Columns))
	for e, err := range events {
		if err != nil {
			return err
		}
		agreement := ""
		if e.Agreement > 0 {
			agreement = strconv.FormatInt(e.Agreement, 10)
		}
		row = append(row[:0], e.Date, string(e.DateEarliest), string(e.DateLatest), e.Event, agreement, e.Title, e.Kind,
			e.Parties,
			e.Party, e.Institution, e.Person, e.Office, e.Place, e.Meeting, e.Note, e.Source, e.URL)
		if err := t.write(row); err != nil {
			return err
		}
	}
	return t.flush()
}

// WriteAgreementsCSV streams agreements as CSV with a header row; their pages are
// at the site.
func WriteAgreementsCSV(w io.Writer, entries iter.Seq2[*models.AgreementSummary, error], site string,
	options CSVOptions) error {
	t, err := newTable(w, AgreementsTable.Header(), options)
	if err != nil {
		return err
	}
	for e, err := range entries {
		if err != nil {
			return err
		}
		scope := "multilateral"
		if e.Bilateral {
			scope = "bilateral"
		}
		held := e.HeldOn()
		err := t.write([]string{strconv.FormatInt(e.ID, 10), e.Title, e.Kind, e.Level, e.Signed, string(e.DatedEarliest),
			string(e.DatedLatest),
			e.Place, scope, strings.Join(e.Parties, ";"), e.Status.String(), strconv.FormatBool(e.Uncertain),
			Address(site, e.ID), string(held.From), string(held.Until)})
		if err != nil {
			return err
		}
	}
	return t.flush()
}

// A table writes CSV rows, CRLF between them, cells made safe for spreadsheets
// unless exact.
type table struct {
	csv   *csv.Writer
	exact bool
}

func newTable(w io.Writer, columns []string, options CSVOptions) (*table, error) {
	if options.BOM {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil, fmt.Errorf("writing CSV: %w", err)
		}
	}
	t := &table{csv: csv.NewWriter(w), exact: options.Exact}
	t.csv.UseCRLF = true
	return t, t.write(columns)
}

func (t *table) write(row []string) error {
	if !t.exact {
		for i, cell := range row {
			row[i] = EscapeFormula(cell)
		}
	}
	if err := t.csv.Write(row); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

func (t *table) flush() error {
	t.csv.Flush()
	if err := t.csv.Error(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// formulaStarts are the characters with which a spreadsheet begins a formula, the
// full-width forms included that some take for the same.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// EscapeFormula puts an apostrophe before a cell that a spreadsheet would run as a
// formula (OWASP, CSV injection), and before one that would look escaped already,
// so that undoing it is exact.
func EscapeFormula(cell string) string {
	if cell == "" || strings.IndexAny(strings.TrimLeft(cell, "'"), formulaStarts) != 0 {
		return cell
	}
	return "'" + cell
}

// UnescapeFormula undoes EscapeFormula.
func UnescapeFormula(cell string) string {
	if strings.HasPrefix(cell, "'") && strings.IndexAny(strings.TrimLeft(cell, "'"), formulaStarts) == 0 {
		return cell[1:]
	}
	return cell
}
