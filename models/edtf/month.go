package edtf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// months are the months' names in English, German, Russian (alone and of a day),
// French and Spanish, folded; an abbreviation is a beginning of one.
var months = [12][]string{
	{"january", "januar", "janner", "январь", "января", "janvier", "enero"}, {"february", "februar", "feber", "февраль", "февраля", "fevrier", "febrero"},
	{"march", "marz", "maerz", "mrz", "март", "марта", "mars", "marzo"}, {"april", "апрель", "апреля", "avril", "abril"}, {"may", "mai", "май", "мая", "mayo"},
	{"june", "juni", "июнь", "июня", "juin", "junio"}, {"july", "juli", "июль", "июля", "juillet", "julio"}, {"august", "август", "августа", "aout", "agosto"},
	{"september", "сентябрь", "сентября", "septembre", "septiembre"}, {"october", "oktober", "октябрь", "октября", "octobre", "octubre"},
	{"november", "ноябрь", "ноября", "novembre", "noviembre"}, {"december", "dezember", "декабрь", "декабря", "decembre", "diciembre"},
}

var unaccented = strings.NewReplacer("ä", "a", "é", "e", "û", "u", "ё", "е")

// monthOf is the month that a word names, 0 for none.
func monthOf(word string) int {
	word = unaccented.Replace(strings.ToLower(strings.Trim(word, ".,")))
	if len([]rune(word)) < 3 {
		return 0
	}
	found := 0
	for i, names := range months {
		if slices.Contains(names, word) {
			return i + 1
		}
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, word) }) {
			if found > 0 {
				return 0 // jui is two
			}
			found = i + 1
		}
	}
	return found
}

// A wordedDate is what was read of a date so far: 0 and empty are not yet.
type wordedDate struct {
	month, day int
	year       string
}

// smallWords stand in dates and mean nothing.
var smallWords = []string{"г", "года", "de", "del", "of", "den", "the", "am", "on", ""}

// worded reads a date with the name of a month: 5 November 2025, November 5, 2025,
// 5. März 2025, 5 ноября 2025 г.
func worded(text string) (w wordedDate, ok bool) {
	text = ordinal.ReplaceAllString(text, "$1")
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,-/", r) }) {
		if !w.take(strings.Trim(word, ".")) {
			return w, false
		}
	}
	return w, w.month != 0 && w.year != ""
}

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
	case slices.Contains(smallWords, strings.ToLower(word)):
	case w.month != 0:
		return false
	default:
		w.month = monthOf(word)
		return w.month != 0
	}
	return true
}

func (w wordedDate) edtf() string {
	if w.day == 0 {
		return fmt.Sprintf("%s-%02d", w.year, w.month)
	}
	return fmt.Sprintf("%s-%02d-%02d", w.year, w.month, w.day)
}
