package edtf

import "testing"

// Months are known by their names in five languages and by what these begin with.
func TestMonthsAreKnownByTheirBeginnings(t *testing.T) {
	for word, want := range map[string]int{
		"January": 1, "jan.": 1, "Jänner": 1, "январь": 1, "janvier": 1, "enero": 1, "Februar": 2, "février": 2, "März": 3,
		"марта": 3, "April": 4, "avril": 4, "abril": 4, "Mai": 5, "мая": 5, "Juni": 6, "июня": 6, "juin": 6, "July": 7,
		"juillet": 7,
		"August":  8, "août": 8, "agosto": 8, "сентября": 9, "Oktober": 10, "octubre": 10, "noviembre": 11, "Dezember": 12,
		"décembre": 12, "diciembre": 12, "": 0, "ma": 0, "Fish": 0, "Januarystretchedout": 0,
	} {
		if got := monthOf(word); got != want {
			t.Errorf("%s is month %d, want %d", word, got, want)
		}
	}
}
