package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"chancery/models/edtf"
)

// A dateReader reads dates as tables have them, beside those that the register
// writes itself (EDTF).
type dateReader struct {
	order    string // dmy or mdy, of numbers whose order nothing tells
	workbook bool   // a number is a day as workbooks count them
	from1904 bool
}

// months are the beginnings of the months' names in English, German, Russian,
// French and Spanish, folded.
var months = [12][]string{
	{"jan", "jän", "янв", "janv", "ene"}, {"feb", "фев", "fév", "fev"}, {"mar", "mär", "mrz", "maer", "мар"},
	{"apr", "апр", "avr", "abr"}, {"may", "mai", "май", "мая", "mayo"},
	{"jun", "июн", "juin"}, {"jul", "июл", "juil"}, {"aug", "авг", "août", "aou", "ago"}, {"sep", "сен"},
	{"oct", "okt", "окт"}, {"nov", "ноя"}, {"dec", "dez", "дек", "déc", "dic"},
}

// longestMonth is the length from which a word is none of a month's names.
const longestMonth = 11

func monthOf(word string) int {
	word = strings.ToLower(strings.Trim(word, ".,"))
	if n := len([]rune(word)); n < 3 || n > longestMonth {
		return 0
	}
	best, length := 0, 0
	for i, names := range months {
		for _, name := range names {
			if strings.HasPrefix(word, name) && len(name) > length {
				best, length = i+1, len(name)
			}
		}
	}
	return best
}

var (
	numbered  = regexp.MustCompile(`^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})(?:\s*(?:г\.?|года))?$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[./](\d{4})$`)
	withTime  = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}`)
	ordinal   = regexp.MustCompile(`(?i)(\d)(st|nd|rd|th|er|º)\b`)
	serial    = regexp.MustCompile(`^\d{1,7}(\.\d+)?$`)
)

// ReadDate reads a date as tables have them: day and month in the order dmy, mdy
// or, empty, as they can be; in a workbook a number is a day. The error is a
// *models.DateError.
func ReadDate(written, order string, workbook bool) (edtf.Date, error) {
	return dateReader{order: order, workbook: workbook}.edtf(written)
}

// edtf writes a date as the register does; the error is a *models.DateError.
func (d dateReader) edtf(written string) (edtf.Date, error) {
	written = strings.TrimRight(strings.Join(strings.Fields(written), " "), "-")
	if d.workbook && serial.MatchString(written) {
		if n, err := strconv.ParseFloat(written, 64); err == nil && (n > 2200 || n < 1000) { // a year stands as one
			return d.counted(n, written)
		}
	}
	if m := withTime.FindStringSubmatch(written); m != nil {
		written = m[1]
	}
	if m := numbered.FindStringSubmatch(written); m != nil {
		return d.ordered(written, m[1], m[2], m[3])
	}
	if m := yearFirst.FindStringSubmatch(written); m != nil {
		if m[3] == "" {
			return edtf.ParseDate(fmt.Sprintf("%s-%02s", m[1], m[2]))
		}
		return edtf.ParseDate(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
	}
	if m := monthYear.FindStringSubmatch(written); m != nil {
		return edtf.ParseDate(fmt.Sprintf("%s-%02s", m[2], m[1]))
	}
	if worded, ok := d.worded(written); ok {
		return edtf.ParseDate(worded)
	}
	return edtf.ParseDate(written)
}

// ordered reads day, month and year in the order that the numbers tell, or else
// that was said.
func (d dateReader) ordered(written, first, second, year string) (edtf.Date, error) {
	day, month := first, second
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	if d.order == "mdy" && a <= 12 || a <= 12 && b > 12 {
		day, month = second, first
	}
	date, err := edtf.ParseDate(fmt.Sprintf("%s-%02s-%02s", year, month, day))
	if refused, ok := err.(*edtf.DateError); ok {
		refused.Written = written
	}
	return date, err
}

// counted reads a day as workbooks count them: from 1 January 1900, with a 29
// February 1900 that never was (ECMA-376, 18.17.4.1), or from 1 January 1904.
func (d dateReader) counted(n float64, written string) (edtf.Date, error) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if d.from1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if n < 61 {
		n++
	}
	if n < 1 || n > 2958465 {
		return edtf.Date{}, &edtf.DateError{Written: written, Code: "form"}
	}
	return edtf.ParseDate(start.AddDate(0, 0, int(n)).Format(time.DateOnly))
}

// worded reads a date with the name of a month: 5 November 2025, November 5, 2025,
// 5. März 2025, 5 ноября 2025 г.
func (d dateReader) worded(written string) (string, bool) {
	mark := ""
	if strings.HasSuffix(written, "?") || strings.HasSuffix(written, "~") {
		mark, written = written[len(written)-1:], written[:len(written)-1]
	}
	written = ordinal.ReplaceAllString(written, "$1")
	var w wordedDate
	for _, word := range strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune(" ,-/", r) }) {
		if !w.take(strings.Trim(word, ".")) {
			return "", false
		}
	}
	switch {
	case w.month == 0 || w.year == "":
		return "", false
	case w.day == 0:
		return fmt.Sprintf("%s-%02d%s", w.year, w.month, mark), true
	}
	return fmt.Sprintf("%s-%02d-%02d%s", w.year, w.month, w.day, mark), true
}

// A wordedDate is what was read of a date so far: 0 and empty are not yet.
type wordedDate struct {
	month, day int
	year       string
}

// smallWords stand in dates and mean nothing.
var smallWords = []string{"г", "года", "de", "of", "den", "the", ""}

// take reads one word; false if it is no part of a date, or the second of its kind.
func (w *wordedDate) take(word string) bool {
	n, err := strconv.Atoi(word)
	switch {
	case err == nil && len(word) == 4 && w.year == "":
		w.year = word
	case err == nil && len(word) <= 2 && w.day == 0 && n > 0:
		w.day = n
	case err == nil:
		return false
	case slices.Contains(smallWords, word):
	case w.month != 0:
		return false
	default:
		w.month = monthOf(word)
		return w.month != 0
	}
	return true
}
