package press

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A declension is how words of some endings are declined: what is cut off them, and
// what takes its place.
type declension struct {
	of      []string
	cut     int // letters
	endings []string
}

// declensions are tried in their order.
var declensions = []declension{
	{words("ский цкий ный ной ый"), 2, words("ого ому ым им ом")},
	{words("ийский"), 2, words("ого ому им ом")},
	{words("ская цкая ная дная ая"), 2, words("ой ую ою")},
	{words("ское цкое ное ое"), 2, words("ого ому ым им ом")},
	{words("ские ные ые"), 2, words("ых ым ыми их им ими")},
	{words("ия"), 1, words("и ю ей ею")},
	{words("ья я"), 1, words("и е ю ей")},
	{words("ца ша ча жа"), 1, words("и ы е у ей")},
	{words("ка га ха"), 1, words("и е у ой")},
	{words("а"), 1, words("ы е у ой")},
	{words("ь"), 1, words("и ью я ю ем е")},
	{words("ий ай ей ой уй"), 1, words("я ю ем е и")},
	{words("во но ство"), 1, words("а у ом е")},
	{words("ды ты ны ры"), 1, []string{"ов", "", "ам", "ами", "ах"}},
	{words("о е у и э ю ы"), 0, nil}, // never declined
}

// russianForms are the cases of a word of a name, given in the nominative, all in
// lower case.
func russianForms(word string, _ bool) []string {
	if i := strings.LastIndex(word, "-"); i > 0 {
		var forms []string
		for _, tail := range russianForms(word[i+1:], true) {
			forms = append(forms, word[:i+1]+tail)
		}
		return forms
	}
	hard := declension{endings: words("а у ом е")}
	if length := utf8.RuneCountInString(word); length < 4 || strings.ToUpper(word) == word {
		if strings.HasSuffix(word, "м") && length == 3 { // Рим
			return hard.forms(word)
		}
		return []string{word}
	}
	for _, d := range declensions {
		if ending(word, d.of...) {
			return d.forms(word)
		}
	}
	return hard.forms(word)
}

// forms are a word's cases.
func (d declension) forms(word string) []string {
	runes := []rune(word)
	stem := string(runes[:len(runes)-d.cut])
	forms := []string{word}
	for _, e := range d.endings {
		forms = append(forms, stem+e)
	}
	return forms
}

// An instrumental is how words of some endings stand in the nominative: what is cut
// off them, and what takes its place.
type instrumental struct {
	of  []string
	cut int // letters
	to  string
}

// russianPerson puts a name in the instrumental ("Сергеем Лавровым"), in which
// passive sentences name who signed, into the nominative.
func russianPerson(name []string) ([]string, bool) {
	if len(name) == 0 {
		return name, false
	}
	last := name[len(name)-1]
	low := strings.ToLower(last)
	instrumental := ending(low, "ым", "им", "ом", "ем", "ём", "ой", "ей", "ою", "ею") && !ending(low, "ский", "кой", "лой")
	if !instrumental {
		return name, false
	}
	first := strings.ToLower(name[0])
	if len(name) > 1 && !ending(first, "ом", "ем", "ём", "ой", "ей", "ью", "ою", "ею", "ым") || len(name) > 1 &&
		(first == "алексей" || first == "сергей" || first == "андрей" || first == "николай" || first == "матвей" ||
			first == "тимофей") {
		return name, false
	}
	out := make([]string, len(name))
	for i, word := range name {
		out[i] = nominative(word, i == len(name)-1)
	}
	return out, true
}

// nominative of one word of a name in the instrumental.
func nominative(word string, surname bool) string {
	low := strings.ToLower(word)
	for _, d := range instrumentals {
		if !ending(low, d.of...) || surname && slices.Equal(d.of, softened) {
			continue
		}
		runes := []rune(word)
		return string(runes[:len(runes)-d.cut]) + d.to
	}
	return word
}

// instrumentals are tried in their order; those of surnames for these alone.
var (
	instrumentals = []instrumental{
		{words("овым евым ёвым иным ыным"), 2, ""},
		{words("ским цким"), 2, "ий"},
		{words("ым"), 2, "ый"},
		{words("ьевной овной евной ичной иной ой"), 2, "а"},
		{words("ией"), 2, "я"},
		{words("сергеем андреем алексеем тимофеем матвеем"), 2, "й"},
		{words("ием аем"), 2, "й"},
		{words("игорем олегорем эмилем раулем"), 2, "ь"},
		{words("лем рем"), 2, "ь"},
		{words("ем ём ом"), 2, ""},
		{words("ей"), 2, "я"},
		{words("ью"), 1, ""},
	}
	softened = []string{"лем", "рем"} // of first names: "Эмилем", not "Кремлем"
)
