package exchange

import (
	"errors"
	"testing"

	"chancery/models/edtf"
)

// Dates are read as tables have them, in five languages and in the order that their
// numbers tell.
func TestDatesOfTablesAreRead(t *testing.T) {
	tests := []struct {
		written, order string
		workbook       bool
		want           string // as the register writes it; empty is refused
	}{
		{"2025-11-05", "", false, "2025-11-05"},
		{"2025-11", "", false, "2025-11"},
		{"2025", "", false, "2025"},
		{"05.11.2025", "", false, "2025-11-05"},
		{"5.11.2025", "", false, "2025-11-05"},
		{"5/11/2025", "", false, ""},
		{"5/25/2025", "", false, "2025-05-25"},
		{"25/5/2025", "", false, "2025-05-25"},
		{"5/11/2025", "dmy", false, "2025-11-05"},
		{"5/11/2025", "mdy", false, "2025-05-11"},
		{"11/25/2025", "", false, "2025-11-25"},
		{"25/11/2025", "mdy", false, "2025-11-25"},
		{"25-11-2025", "", false, "2025-11-25"},
		{"25 11 2025", "", false, "2025-11-25"},
		{"05.11.2025 г.", "", false, "2025-11-05"},
		{"05.11.2025 года", "", false, "2025-11-05"},
		{"2025/11/5", "", false, "2025-11-05"},
		{"2025.11.05", "", false, "2025-11-05"},
		{"11/2025", "", false, "2025-11"},
		{"11.2025", "", false, "2025-11"},
		{"2025-11-05T00:00:00", "", false, "2025-11-05"},
		{"2025-11-05 14:24", "", false, "2025-11-05"},
		{"5 November 2025", "", false, "2025-11-05"},
		{"November 5, 2025", "", false, "2025-11-05"},
		{"5th November 2025", "", false, "2025-11-05"},
		{"1st of May 2025", "", false, "2025-05-01"},
		{"Nov 2025", "", false, "2025-11"},
		{"5-Nov-2025", "", false, "2025-11-05"},
		{"5. März 2025", "", false, "2025-03-05"},
		{"5. Dez. 2025", "", false, "2025-12-05"},
		{"5 ноября 2025 г.", "", false, "2025-11-05"},
		{"5 мая 2025 года", "", false, "2025-05-05"},
		{"ноябрь 2025", "", false, "2025-11"},
		{"1er janvier 2025", "", false, "2025-01-01"},
		{"5 août 2025", "", false, "2025-08-05"},
		{"5 de noviembre de 2025", "", false, "2025-11-05"},
		{"5 de enero de 2025", "", false, "2025-01-05"},
		{"5 November 2025?", "", false, "2025-11-05?"},
		{"1961~", "", false, "1961~"},
		{"2026/2027", "", false, "2026/2027"},
		{"  2025-11-05  ", "", false, "2025-11-05"},
		{"2025-11-05-", "", false, "2025-11-05"},
		{"45966", "", true, "2025-11-05"},
		{"45966.5", "", true, "2025-11-05"},
		{"1", "", true, "1900-01-01"},
		{"59", "", true, "1900-02-28"},
		{"61", "", true, "1900-03-01"},
		{"2025", "", true, "2025"},
		{"31/02/2025", "", false, ""},
		{"32.01.2025", "", false, ""},
		{"13/13/2025", "", false, ""},
		{"", "", false, ""},
		{"soon", "", false, ""},
		{"5 Nonsense 2025", "", false, ""},
		{"November November 2025", "", false, ""},
		{"5 6 November 2025", "", false, ""},
		{"45966", "", false, ""},
		{"9999999", "", true, ""},
	}
	for _, test := range tests {
		d, err := ReadDate(test.written, test.order, test.workbook)
		if test.want == "" {
			var refused *edtf.DateError
			if !errors.As(err, &refused) {
				t.Errorf("%q (%s): %q, want it refused (%v)", test.written, test.order, d.Written, err)
			}
			continue
		}
		if err != nil || d.Written != test.want {
			t.Errorf("%q (%s): %q (%v), want %q", test.written, test.order, d.Written, err, test.want)
		}
	}
}

func TestWorkbooksFrom1904CountFromThere(t *testing.T) {
	for written, want := range map[string]string{"1": "1904-01-02", "44504": "2025-11-05"} {
		d, err := dateReader{workbook: true, from1904: true}.edtf(written)
		if err != nil || d.Written != want {
			t.Errorf("%s: %q (%v), want %s", written, d.Written, err, want)
		}
	}
}
