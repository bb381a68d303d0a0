package exchange

import (
	"errors"
	"hash/maphash"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"chancery/models/edtf"
)

// How much of a column is kept in mind: different values, for what they look like,
// and fingerprints of values, for what they join.
const (
	mostDistinct     = 20_000
	mostFingerprints = 400_000
	longestDistinct  = 400 // bytes
)

// A column is what stands in one column of a table, all rows of it.
type column struct {
	name   string
	filled int            // cells that say something
	runes  int            // in them
	counts map[string]int // different values, the first mostDistinct
	order  []string       // of these, as they came
	prints map[uint64]int // of all values
}

var seed = maphash.MakeSeed()

func fingerprint(value string) uint64 { return maphash.String(seed, value) }

// add notes a cell.
func (c *column) add(value string) {
	if value == "" {
		return
	}
	c.filled++
	c.runes += len([]rune(value))
	if c.counts[value] > 0 || len(c.order) < mostDistinct && len(value) <= longestDistinct {
		if c.counts[value] == 0 {
			c.order = append(c.order, value)
		}
		c.counts[value]++
	}
	if print := fingerprint(value); c.prints[print] > 0 || len(c.prints) < mostFingerprints {
		c.prints[print]++
	}
}

// share is how many of the cells have values that are so, from 0 to 1.
func (c *column) share(is func(string) bool) float64 {
	all, n := 0, 0
	for _, value := range c.order {
		all += c.counts[value]
		if is(value) {
			n += c.counts[value]
		}
	}
	if all == 0 {
		return 0
	}
	return float64(n) / float64(all)
}

// unique is how many of the cells have a value that no other has, from 0 to 1.
func (c *column) unique() float64 {
	if c.filled == 0 {
		return 0
	}
	return float64(len(c.prints)) / float64(c.filled)
}

// length is how long the values are, in characters.
func (c *column) length() int {
	if c.filled == 0 {
		return 0
	}
	return c.runes / c.filled
}

func isWhole(value string) bool {
	return value != "" && strings.IndexFunc(value, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

// isYear tells a year from another number.
func isYear(value string) bool {
	n, err := strconv.Atoi(value)
	return err == nil && len(value) == 4 && n >= 1200 && n <= 2100
}

// A dating is what a column's dates tell of the order of their numbers.
type dating struct {
	share                         float64 // of the values that are dates
	dayFirst, monthFirst, neither int
	example                       string // of a date that can be read in two ways
}

// slashed is a date of three numbers whose first two can be day and month.
var slashed = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})$`)

// dating looks at all values for dates.
func (c *column) dating(reader dateReader) (d dating) {
	d.share = c.share(func(value string) bool {
		text, _ := marked(value)
		m := slashed.FindStringSubmatch(text)
		if m != nil {
			switch a, b := number(m[1]), number(m[2]); {
			case a > 12 && b <= 12:
				d.dayFirst++
			case b > 12 && a <= 12:
				d.monthFirst++
			case a != b && a <= 12:
				d.neither++
				d.example = text
			}
		}
		_, err := reader.edtf(text)
		var refused *edtf.DateError
		return err == nil || errors.As(err, &refused) && refused.Code == "ambiguous"
	})
	return d
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// nothings are words that stand where nothing is known, folded.
var nothings = strings.Fields("na n/a n.a. none null nil nan - – — -- . .. ... ? unknown unbekannt неизвестно inconnu desconocido sconosciuto " +
	"desconhecido nieznany k.a. н/д")

// nothingsOfWords are such of several words, and those that say that something has not
// come about, or has no end.
var nothingsOfWords = []string{"not available", "no data", "not in force", "not yet", "not yet in force", "not yet entered into force",
	"not applicable", "no date", "noch nicht in kraft", "не вступил в силу", "indefinite", "unlimited", "unbefristet", "бессрочно"}

// isNothing tells a word that stands where nothing is known.
func isNothing(value string) bool {
	folded := strings.ToLower(value)
	return slices.Contains(nothings, folded) || slices.Contains(nothingsOfWords, folded)
}

// farYear is from when on a day is none at which anything was agreed to end.
const farYear = 2200

// noEnds are values of a column of ends that stand for no end: days that are too far
// and stand there more than once, and 0.
func (c *column) noEnds(reader dateReader) (list []string) {
	for _, value := range c.order {
		d, err := reader.edtf(value)
		far := err == nil && d.Latest != "" && d.Latest.Year() >= farYear && (c.counts[value] > 1 || d.Latest.Year() >= 2599)
		if far || isWhole(value) && number(value) >= farYear && number(value) <= 9999 && c.counts[value] > 1 || value == "0" {
			list = append(list, value)
		}
	}
	return list
}
