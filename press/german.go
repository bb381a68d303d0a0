package press

import "strings"

var germanLists = readWords("de")

// german is the grammar of signing in German.
var german = &Language{
	Code:     "de",
	Letters:  "abcdefghijklmnopqrstuvwxyzäöüß",
	Stop:     words(germanLists.of("stop")),
	Articles: words(germanLists.of("articles")),
	And:      words("und sowie & als auch"),
	Inflect: func(word string, last bool) []string {
		switch {
		case strings.HasSuffix(word, "e") && !last:
			return []string{word, word + "n", word + "r", word + "s"}
		case strings.HasSuffix(word, "es") && !last: // Vereinigtes Königreich
			stem := word[:len(word)-2]
			return []string{word, stem + "e", stem + "en", stem + "er", stem + "em"}
		case strings.HasSuffix(word, "en") || strings.HasSuffix(word, "e"):
			return []string{word, word + "s", strings.TrimSuffix(word, "n"), word + "n"}
		}
		return []string{word, word + "s", word + "es", word + "’s", word + "'s"}
	},
	Months: months("januar jänner jan", "februar feber feb", "märz mär", "april apr", "mai", "juni jun", "juli jul",
		"august aug", "september sept sep",
		"oktober okt", "november nov", "dezember dez"),
	Weekdays:      months("sonntag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend"),
	Relative:      map[string]int{"heute": 0, "gestern": -1, "vorgestern": -2},
	Abbreviations: words(germanLists.of("abbreviations")),
	Styles:        words(germanLists.of("styles")),
	Names:         germanLists.of("names"),
	Demonyms:      germanLists.of("demonyms"),
	Cities:        germanLists.of("cities"),
	Kinds:         germanLists.of("kinds"),
	NotKinds:      words(germanLists.of("not_kinds")),
	Generic:       words(germanLists.of("generic")),
	Qualifiers:    words(germanLists.of("qualifiers")),
	Numbers: map[string]int{"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
		"zehn": 10, "mehrere": 0, "mehreren": 0, "reihe": 0, "paket": 0, "einige": 0},
	Another:  words(germanLists.of("another")),
	Signed:   germanLists.of("signed"),
	Happened: germanLists.lines("happened"),
	Planned:  germanLists.lines("planned"),
	Denied:   germanLists.lines("denied"),
	Drafts:   words(germanLists.of("drafts")),
	Alone:    words(germanLists.of("alone")),
	Between:  words("zwischen"), With: words("mit"),
	Counterpart:     words(germanLists.of("counterpart")),
	Both:            words("beider|beide|beiden|den seiten|seiten|die parteien"),
	Governments:     words("regierung regierungen ministerrat ministerkabinett kabinett"),
	By:              words("von durch"),
	OnBehalf:        words("seitens|von seiten|für die|für|im namen|vonseiten|auf|von der"),
	Side:            words("seite seiten"),
	Presence:        germanLists.lines("presence"),
	Offices:         germanLists.of("offices"),
	Portfolios:      words(germanLists.of("portfolios")),
	OfficeTail:      words("für der des und die von auswärtige auswärtigen"),
	Honours:         words(germanLists.of("honours")),
	Institutions:    germanLists.of("institutions"),
	NotInstitutions: words(germanLists.of("not_institutions")),
	Occasions:       germanLists.of("occasions"),
	Events:          germanLists.of("events"),
	Validity:        germanLists.of("validity"),
	Earlier:         words(germanLists.of("earlier")),
	Years:           words("jahre jahr jahren jahres"),
	Unreal:          germanUnreal,
	Nouns:           true,
	Ordinals:        true,
	VerbLast:        true,
	Plural: func(word string) bool {
		return ending(word, "verträge", "verträgen", "ungen", "pläne", "plänen", "programme", "programmen", "protokolle",
			"dokumente", "dokumenten", "memoranden", "memoranda", "konventionen", "papiere")
	},
	PluralBody: func(word string) bool {
		return ending(word, "räte", "räten", "ministerien", "behörden", "banken", "agenturen", "schaften", "kammern",
			"parlamente", "akademien", "ämter", "regierungen")
	},
	Adjective:    germanAdjective,
	Noun:         germanNoun,
	InOffice:     func(word string) bool { return ending(word, "en", "er", "e", "es") },
	Announced:    words("zu wollen sollen werden können möchten will soll plant planen nicht"),
	Under:        words(germanLists.of("under")),
	UnderAlone:   words(germanLists.of("under_alone")),
	Auxiliaries:  words("wurde wurden haben hat"),
	OccasionEnds: words("in am im wurde wurden haben hat statt ist sind an"),
	In:           words("in im bei"),
	On:           words("über zur zum für"),
	Towards:      words("nach aus"),
	Regions:      words(germanLists.of("regions")),
	Town:         words("stadt|hauptstadt"),
	Indefinite:   words("ein eine einen"),
	Relatives:    words("das der die"),
	We:           words("wir ich unser unsere unseren uns"),
	Firms:        words(germanLists.of("firms")),
	Managers:     words(germanLists.of("managers")),
	Ministries:   words("*ministerium|*ministeriums|*ministerien"),
	Levels: "intergovernmental: regierungsabkommen*\ninteragency: ressort*, zwischenbehördlich*\ninterstate: " +
		"zwischenstaatlich*",
	Heads:  words(germanLists.of("heads")),
	Vague:  words("zusammenarbeit*|kooperation*|bilateral*|bereich*|länder*"),
	Normal: germanNormal,
	Said:   germanLists.lines("said"),
}

// germanUnreal: "soll unterzeichnet werden", "wird … unterzeichnet", "nicht
// unterzeichnet".
func germanUnreal(before, after []token) bool {
	if len(after) > 0 {
		switch after[0].low {
		case "werden", "wird", "würde", "würden", "wurden-nicht", "haben-sollen":
			return true
		}
	}
	perfect, modal := false, false
	for k, t := range before {
		switch t.low {
		case "haben", "hat", "hatten", "hatte", "wurde", "wurden", "worden", "ist", "sind", "war", "waren":
			perfect = true
		case "wird", "werden", "soll", "sollen", "sollte", "sollten", "will", "wollen", "kann", "können", "könnte",
			"könnten", "dürfte", "dürften", "möchte", "möchten", "würde", "würden", "muss", "müssen", "sobald", "falls", "wenn",
			"bevor", "ehe":
			modal, perfect = true, false
		case "nicht", "nie", "kein", "keine", "keinen", "keines", "ohne", "weder":
			if k >= len(before)-5 {
				return true
			}
		case ";", ":":
			perfect, modal = false, false
		}
	}
	return modal && !perfect
}

// germanNormal writes a body in the nominative.
func germanNormal(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text
	}
	head := words[0]
	for _, end := range [][2]string{{"ministerien", "ministerium"}, {"Ministerien", "Ministerium"},
		{"ministeriums", "ministerium"}, {"Ministeriums", "Ministerium"}, {"räten", "rat"}, {"räte", "rat"},
		{"rates", "rat"}, {"rats", "rat"}, {"Rates", "Rat"}, {"Räte", "Rat"},
		{"sekretariats", "sekretariat"}, {"sekretariates", "sekretariat"}, {"amtes", "amt"}, {"amts", "amt"},
		{"komitees", "komitee"}, {"Komitees", "Komitee"}, {"agenturen", "agentur"}, {"behörden", "behörde"},
		{"banken", "bank"}, {"kammern", "kammer"}, {"dienstes", "dienst"},
		{"ausschusses", "ausschuss"}, {"parlamente", "parlament"}, {"parlaments", "parlament"}, {"akademien", "akademie"},
		{"schaften", "schaft"}, {"universitäten", "universität"}} {
		if strings.HasSuffix(head, end[0]) {
			words[0] = strings.TrimSuffix(head, end[0]) + end[1]
			break
		}
	}
	return strings.Join(words, " ")
}

// germanAdjective tells whether a word can stand before a noun.
func germanAdjective(word string) bool {
	switch word {
	case "unter", "über", "haben", "wurden", "zwischen", "gegen", "neben", "wegen", "sollen", "wollen":
		return false
	}
	return len(word) > 4 && ending(word, "es", "en", "er", "e")
}

// germanDescribed: "das 2010 unterzeichnete Abkommen".
func germanDescribed(w *marks, i, n int) bool {
	t := w.tokens
	return ending(t[i].low, "te", "ten", "geschlossene") && i+n < len(t) && w.kindHere(i+n) && articleBefore(w, i)
}

// articleBefore tells whether an article stands before a participle and what it
// takes with it.
func articleBefore(w *marks, i int) bool {
	for k := i - 1; k >= 0 && k >= i-12; k-- {
		switch w.tokens[k].low {
		case "das", "des", "dem", "die", "der", "den", "im", "vom", "zum":
			return true
		case "haben", "hat", "wurde", "wurden", ",":
			return false
		}
	}
	return false
}

// germanBody takes in what follows: "Staatssekretariat des Sicherheitsrates", "Rat
// für Hochschulausbildung".
func germanBody(w *marks, b *body) bool {
	if k := b.i - 1; k >= 0 && germanStyled(w, k) && w.sentenceOf(k) == w.sentenceOf(b.i) {
		b.i = k
	}
	for b.j < len(w.tokens) {
		if _, ok := w.mentionOver(b.j); ok || w.inPeriod(b.j) {
			return true
		}
		next := germanGoesOn(w, b)
		if next == 0 {
			return true
		}
		b.j = next
	}
	return true
}

// germanStyled: "Nationale Akademie".
func germanStyled(w *marks, k int) bool {
	t := w.tokens[k]
	if !t.cap || w.begins(k) || w.partyWord(k) {
		return false
	}
	switch t.low {
	case "nationalen", "nationaler", "nationale", "obersten", "oberste":
		return true
	}
	return ending(t.low, "ischen", "ische", "lichen", "liche", "alen", "ale")
}

// germanGoesOn is where a body's name goes on to, or 0 when it has ended.
func germanGoesOn(w *marks, b *body) int {
	t, k := w.tokens, b.j
	switch t[k].low {
	case "des", "der", "für", "fur":
		return germanOf(w, k)
	case "-":
		if t[k].text == "-" && !t[k].space && k+1 < len(t) && t[k+1].word {
			return k + 2
		}
	case "und", ",":
		return germanAnd(w, b)
	}
	return 0
}

// germanAnd is where a body's name goes on to after "und" or a comma: "Kultur- und
// Bildungsministerium", "für Arbeit und soziale Sicherheit".
func germanAnd(w *marks, b *body) int {
	t, k := w.tokens, b.j
	capital := func(k int) bool { return k < len(t) && t[k].cap }
	und := t[k].low == "und"
	if und && capital(k+1) && k > 0 && strings.HasSuffix(t[k-1].text, "-") {
		return k + 2
	}
	if b.j-b.i < 2 {
		return 0
	}
	if capital(k + 1) {
		if w.sameBody(k+1) && (!verbSoon(w, k+1) || germanMatter(w, k+1)) {
			return k + 2
		}
		return 0
	}
	if und && capital(k+2) && germanAdjective(t[k+1].low) && !w.articles[t[k+1].low] && germanMatter(w, k+2) &&
		w.sameBody(k+2) {
		return k + 3
	}
	return 0
}

// germanOf is where "des Sicherheitsrates", "für auswärtige Angelegenheiten" ends
// that begins at a token; 0 when it is no part of a body's name.
func germanOf(w *marks, k int) int {
	t, m := w.tokens, k+1
	for m < len(t) && t[m].word && !t[m].cap && m < k+3 && (w.articles[t[m].low] || ending(t[m].low, "en", "e", "es")) {
		if w.partyWord(m) {
			return 0
		}
		m++
	}
	if m >= len(t) || !t[m].cap || w.partyWord(m) {
		return 0
	}
	return m + 1
}

// verbSoon tells whether a verb of signing follows before the next mark.
func verbSoon(w *marks, i int) bool {
	for m := i; m < len(w.tokens) && m < i+3; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return true
		}
	}
	return false
}

// germanNoun tells of a German word that it is a noun by its ending, or one of
// those that stand beside names.
func germanNoun(low string) bool {
	for _, end := range []string{"ung", "ungen", "heit", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "tät",
		"ismus", "nis", "politik", "handel", "bereich", "bereichen", "wesen", "recht", "land", "staaten", "staat", "kultur",
		"wirtschaft", "arbeit", "sache", "angelegenheiten", "ministerium", "republik", "föderation", "union", "rates",
		"rats", "zusammenhang", "gebiet", "gebieten", "energie", "sport", "bildung", "kraft", "ebene", "seite", "seiten",
		"jahr", "jahre", "jahren", "tage", "ende", "anfang", "mitte", "präsenz", "anwesenheit", "beisein", "rahmen", "rande",
		"zuge", "namen"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return false
}

// germanMatter tells whether a word is what a ministry is for.
func germanMatter(w *marks, i int) bool {
	_, n := w.portfolios.at(w.tokens, i)
	return n > 0 || germanNoun(w.tokens[i].low)
}
