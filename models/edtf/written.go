package edtf

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Reading is how a date was understood that somebody wrote. Other is known where
// the text can mean a second date as well: 5/11/2025 is 5 November or 11 May.
type Reading struct{ Date, Other Date }

// Ambiguous tells whether the text can mean two dates.
func (r Reading) Ambiguous() bool { return r.Other.Known() }

// longestWritten is the length, in bytes, from which a text is no date.
const longestWritten = 200

// Read reads a date as people write it, in English, German, Russian, French and
// Spanish, and as the register's pages print it, beside EDTF:
//
//	5 November 2025, Nov 5, 2025, 5. November 2025, 5 ноября 2025 г., 05.11.2025, 20251105
//	Nov 2025, 11/2025, 1990s, 1990er, 1990-е годы, spring 1998
//	2026/27, 2026–2027, 1.1.2026–31.12.2027, 1–5 May 2025, from 2026, until 2027
//	c. 1998, about 1998, 1998 (uncertain), before 1950, after 1950, between 1950 and 1953
//
// The date's Written is EDTF. What can mean two days is read as both, that with the
// day before the month first. The error is a *DateError.
func Read(text string) (Reading, error) {
	written := strings.Join(strings.Fields(text), " ")
	switch {
	case written == "": // most fields of a draft
		return Reading{}, &DateError{written, "form"}
	case len(written) > longestWritten:
		return Reading{}, &DateError{firstBytes(written), "form"}
	}
	if d, err := ParseDate(written); err == nil {
		return Reading{Date: d}, nil
	}
	r, err := readPhrase(strings.ToLower(withTime.ReplaceAllString(written, "$1")))
	if refused, ok := err.(*DateError); ok {
		refused.Written = written
	}
	return r, err
}

func firstBytes(text string) string { return strings.ToValidUTF8(text[:longestWritten], "") + "…" }

var (
	withTime  = regexp.MustCompile(`^(.*\d{4}(?:-\d\d-\d\d| г\.)?)(?:T|,? )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:UTC|Z))?$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)$`)
	numbered  = regexp.MustCompile(`^(\d{1,2})([./\- ])(\d{1,2})([./\- ])(\d{4})$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[./](\d{4})$`)
	decade    = regexp.MustCompile(`^(?:the |die |in the )?(\d{3})0(?:s|'s|er|er[ -]jahren?|-е|-е годы|-х|-х годов)$`)
	twoYears  = regexp.MustCompile(`^(\d{4}) ?([/–-]) ?(\d{2}|\d{4})$`)
	season    = regexp.MustCompile(`^(?:the |im |in )?(\p{L}+)(?: of)? (\d{4})(?:/(\d{2}))?$`)
	ordinal   = regexp.MustCompile(`(\d)(st|nd|rd|th|er|º)\b`)
	yearMark  = regexp.MustCompile(` ?(?:г\.?|гг\.?|года|год)$`)
)

// Words before and after a date, in the languages of the pages; longer ones first.
var (
	about     = []string{"approximately ", "circa ", "about ", "around ", "etwa ", "gegen ", "ungefähr ", "около ", "примерно ", "прибл. ", "ок. ", "ca. ", "ca ", "c. ", "c.", "um ", "~"}
	uncertain = []string{" (uncertain)", " (unsicher)", " (неточно)", " (?)", " ?", "?"}
	endless   = []string{", no end", ", ohne ende", ", бессрочно", " – …", " onwards", " on"}
	before    = []string{"before ", "vor dem ", "vor ", "ранее "}
	after     = []string{"after ", "nach dem ", "nach ", "после "}
	by        = []string{"not later than ", "by ", "spätestens am ", "spätestens ", "не позднее: ", "не позднее "}
	notBefore = []string{"not before ", "frühestens am ", "frühestens ", "не ранее: ", "не ранее "}
	orLater   = []string{" or later", " oder später", " или позднее"}
	between   = []string{"some day from ", "some day between ", "between ", "ein tag zwischen ", "zwischen ", "один из дней с ", "в период ", "между "}
	from      = []string{"from ", "since ", "ab dem ", "ab ", "seit dem ", "seit ", "vom ", "von ", "начиная с ", "с "}
	until     = []string{"until ", "till ", "up to ", "bis zum ", "bis ", "до ", "по "}
	joins     = []string{" and ", " und ", " until ", " till ", " through ", " to ", " bis ", " по ", " до ", " и ", " – ", " — ", " - ", "–", "—"}
)

func cutAny(text string, words []string, cut func(string, string) (string, bool)) (string, bool) {
	for _, word := range words {
		if rest, ok := cut(text, word); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

// readPhrase reads what stands around dates, in lower case.
func readPhrase(text string) (Reading, error) {
	if rest, ok := cutAny(text, between, strings.CutPrefix); ok {
		return readSpan(rest, "..")
	}
	text, open := cutAny(text, endless, strings.CutSuffix)
	rest, began := cutAny(text, from, strings.CutPrefix)
	if began {
		if r, err := readSpan(rest, "/"); err == nil && !open {
			return r, nil
		}
		return beside(rest, "%s/..", 0)
	}
	if open {
		return beside(text, "%s/..", 0)
	}
	for _, bound := range []struct {
		words  []string
		suffix bool
		form   string
		step   int
	}{{before, false, "..%s", -1}, {after, false, "%s..", 1}, {by, false, "..%s", 0}, {notBefore, false, "%s..", 0},
		{orLater, true, "%s..", 0}, {until, false, "../%s", 0}} {
		cut := strings.CutPrefix
		if bound.suffix {
			cut = strings.CutSuffix
		}
		if rest, ok := cutAny(text, bound.words, cut); ok {
			return beside(rest, bound.form, bound.step)
		}
	}
	point, err := readPoint(text)
	if err == nil {
		return point, nil
	}
	if span, failed := readSpan(text, "/"); failed == nil {
		return span, nil
	}
	return point, err
}

// beside is a date that means one, put into a form of EDTF; for a step that which
// comes before or after it, as exact as it: before 1950 is by 1949.
func beside(text, form string, step int) (Reading, error) {
	r, err := readPoint(text)
	switch {
	case err != nil:
		return Reading{}, err
	case r.Ambiguous() || r.Date.Interval || strings.ContainsAny(r.Date.Written, ".?~%X"):
		return Reading{}, &DateError{text, "form"}
	}
	day := r.Date.Written
	if step != 0 {
		next := r.Date.Latest.Add(1)
		if step < 0 {
			next = r.Date.Earliest.Add(-1)
		}
		day = string(next)[:len(day)]
	}
	d, err := ParseDate(fmt.Sprintf(form, day))
	return Reading{Date: d}, err
}

// readSpan reads two dates; the first may leave out what it has in common with the
// second: 1–5 May 2025.
func readSpan(text, join string) (Reading, error) {
	for _, word := range joins {
		a, b, ok := strings.Cut(text, word)
		if !ok {
			continue
		}
		last, err := readPoint(strings.TrimSpace(b))
		if err != nil {
			continue
		}
		first, err := readPoint(strings.TrimSpace(a))
		if err != nil {
			first, err = readShort(strings.TrimSpace(a), strings.TrimSpace(b))
		}
		if err != nil || first.Ambiguous() || last.Ambiguous() || first.Date.Interval || last.Date.Interval {
			continue
		}
		d, err := ParseDate(first.Date.Written + join + last.Date.Written)
		return Reading{Date: d}, err
	}
	return Reading{}, &DateError{text, "form"}
}

// readShort reads the first of two dates that has no year, or no month and year,
// with those of the second.
func readShort(text, second string) (Reading, error) {
	w, ok := worded(yearMark.ReplaceAllString(second, ""))
	if !ok {
		if m := numbered.FindStringSubmatch(second); m != nil && m[2] == "." { // 1.–5.11.2025, 1.11.–5.12.2025
			if day, month, ok := strings.Cut(strings.TrimSuffix(text, "."), "."); ok {
				return readPoint(day + "." + month + "." + m[5])
			}
			return readPoint(strings.TrimSuffix(text, ".") + "." + m[3] + "." + m[5])
		}
		return Reading{}, &DateError{text, "form"}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(text, ".")); err == nil && n < 32 {
		return readPoint(fmt.Sprintf("%s-%02d-%02d", w.year, w.month, n))
	}
	return readPoint(text + " " + w.year)
}

// readPoint reads one date without words around it but those that say how sure it
// is.
func readPoint(text string) (Reading, error) {
	mark := ""
	if rest, ok := cutAny(text, about, strings.CutPrefix); ok {
		text, mark = rest, "~"
	}
	if rest, ok := cutAny(text, uncertain, strings.CutSuffix); ok {
		text, mark = rest, map[string]string{"": "?", "~": "%"}[mark]
	}
	r, err := readPlain(yearMark.ReplaceAllString(text, ""))
	if err != nil || mark == "" {
		return r, err
	}
	if r.Date.Interval || strings.ContainsAny(r.Date.Written, ".?~%") {
		return Reading{}, &DateError{text, "form"}
	}
	for _, d := range []*Date{&r.Date, &r.Other} {
		if d.Known() {
			d.Written += mark
		}
	}
	return r, nil
}

func readPlain(text string) (Reading, error) {
	if m := twoYears.FindStringSubmatch(text); m != nil {
		if r, ok := readYears(m[1], m[3], m[2]); ok {
			return r, nil
		}
	}
	form := text
	if m := numbered.FindStringSubmatch(text); m != nil && m[2] == m[4] {
		return readNumbers(m[1], m[3], m[5], m[2])
	} else if m := yearFirst.FindStringSubmatch(text); m != nil && m[3] == "" {
		form = fmt.Sprintf("%s-%02s", m[1], m[2])
	} else if m != nil {
		form = fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3])
	} else if m := compact.FindStringSubmatch(text); m != nil {
		form = m[1] + "-" + m[2] + "-" + m[3]
	} else if m := monthYear.FindStringSubmatch(text); m != nil {
		form = fmt.Sprintf("%s-%02s", m[2], m[1])
	} else if m := decade.FindStringSubmatch(text); m != nil {
		form = m[1] + "X"
	} else if m := season.FindStringSubmatch(text); m != nil && seasonOf(m[1]) > 0 {
		return readSeason(seasonOf(m[1]), m[2], m[3])
	} else if w, ok := worded(text); ok {
		form = w.edtf()
	}
	d, err := ParseDate(form)
	return Reading{Date: d}, err
}

// readYears reads 2026/27, 2026-27 and 2026–2027; 2011/12 is a month as well, and
// 2026-30 a slip.
func readYears(first, second, mark string) (r Reading, ok bool) {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	if len(second) == 2 {
		b += a / 100 * 100
		if b%100 == 0 && a%100 == 99 {
			b += 100
		}
	}
	years, err := ParseDate(fmt.Sprintf("%s/%04d", first, b))
	if err != nil || b <= a || mark == "-" && len(second) == 2 && b > a+1 {
		return r, false
	}
	month, err := ParseDate(first + "-" + second)
	switch {
	case len(second) == 4 || err != nil:
		return Reading{Date: years}, true
	case b == a+1:
		return Reading{Date: month, Other: years}, true
	}
	return r, false
}

// readNumbers reads day, month and year parted by the same mark; by another than a
// point day and month may stand the other way round.
func readNumbers(first, second, year, mark string) (Reading, error) {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	day, err := ParseDate(fmt.Sprintf("%s-%02d-%02d", year, b, a))
	if mark == "." || a == b {
		return Reading{Date: day}, err
	}
	other, failed := ParseDate(fmt.Sprintf("%s-%02d-%02d", year, a, b))
	switch {
	case failed != nil:
		return Reading{Date: day}, err
	case err != nil:
		return Reading{Date: other}, nil
	}
	return Reading{Date: day, Other: other}, nil
}

// seasons are the words for them, spring first.
var seasons = [4][]string{
	{"spring", "frühjahr", "frühling", "весна", "весной", "printemps", "primavera"}, {"summer", "sommer", "лето", "летом", "été", "verano"},
	{"autumn", "fall", "herbst", "осень", "осенью", "automne", "otoño"}, {"winter", "зима", "зимой", "hiver", "invierno"},
}

// seasonOf numbers a season from 1; it is 0 for another word.
func seasonOf(word string) int {
	return slices.IndexFunc(seasons[:], func(words []string) bool { return slices.Contains(words, word) }) + 1
}

// readSeason is some day within the season of the north; a winter of one year is
// that in which it begins or that in which it ends.
func readSeason(season int, year, next string) (Reading, error) {
	y, _ := strconv.Atoi(year)
	if season < 4 {
		d, err := ParseDate(fmt.Sprintf("%s-%02d..%s-%02d", year, season*3, year, season*3+2))
		return Reading{Date: d}, err
	}
	begun, err := ParseDate(fmt.Sprintf("%s-12..%04d-02", year, y+1))
	if err != nil || next == fmt.Sprintf("%02d", (y+1)%100) {
		return Reading{Date: begun}, err
	}
	ended, err := ParseDate(fmt.Sprintf("%04d-12..%s-02", y-1, year))
	return Reading{Date: ended, Other: begun}, err
}
