package exchange

import (
	"regexp"
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

var serial = regexp.MustCompile(`^\d{1,7}(\.\d+)?$`)

// ReadDate reads a date as tables have them: day and month in the order dmy or mdy,
// or, empty, where they can stand in one alone; in a workbook a number is a day. The
// error is an *edtf.DateError.
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
	read, err := edtf.Read(fullYear(written))
	switch {
	case err != nil || !read.Ambiguous():
		return read.Date, err
	case strings.Contains(read.Date.Written, ".."): // a winter of one year
		return edtf.Date{}, &edtf.DateError{Written: written, Code: "form"}
	case read.Other.Interval:
		return read.Date, nil
	case d.order == "":
		return edtf.Date{}, &edtf.DateError{Written: written, Code: "ambiguous"}
	case d.order == "mdy":
		return read.Other, nil
	}
	return read.Date, nil
}

// shortYear is a date whose year is written by its last two numbers.
var shortYear = regexp.MustCompile(`^(\d{1,2}[-./ ](?:\p{L}{3,9}|\d{1,2})[-./ ])(\d{2})$`)

// lastShort is the last year that two numbers mean of this century, as spreadsheets
// have it.
const lastShort = 29

// fullYear writes the whole year of a date that has two numbers of it: 92 is 1992.
func fullYear(written string) string {
	m := shortYear.FindStringSubmatch(written)
	if m == nil {
		return written
	}
	if n := number(m[2]); n > lastShort {
		return m[1] + "19" + m[2]
	}
	return m[1] + "20" + m[2]
}

// isShort tells a date whose year is written by two numbers.
func isShort(written string) bool { return fullYear(written) != written }

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

// marks are what depositaries put behind the day of an instrument, for what it was
// where it was no ratification (UN Treaty Collection, Council of Europe).
var marks = map[string]string{"a": "accession", "A": "acceptance", "AA": "approval", "c": "formal-confirmation", "d": "succession",
	"n": "notification", "s": "definitive-signature", "r": "ratification", "R": "ratification"}

var markedDate = regexp.MustCompile(`^(.*\d{2})\s*\(?\b?(AA|[aAcdnsrR])\)?\.?$`)

// footnotes are the signs of notes that tables put behind a name or a date.
var footnotes = regexp.MustCompile(`(?:\s*(?:\[[0-9a-z]{1,2}\]|\([0-9]{1,2}\)|[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+))+$`)

// unnoted is a text without the signs of notes behind it.
func unnoted(text string) string {
	return strings.TrimSpace(footnotes.ReplaceAllString(text, ""))
}

// marked parts a date from the mark behind it, and tells the type of act that the
// mark means; empty where there is none.
func marked(value string) (date, act string) {
	value = unnoted(value)
	if m := markedDate.FindStringSubmatch(value); m != nil {
		return strings.TrimSpace(m[1]), marks[m[2]]
	}
	return value, ""
}
