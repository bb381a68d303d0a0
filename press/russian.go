package press

import (
	"strings"
	"unicode/utf8"
)

var russianLists = readWords("ru")

// russian is the grammar of signing in Russian.
var russian = &Language{
	Code:     "ru",
	Small:    true,
	Letters:  "абвгдежзийклмнопрстуфхцчшщъыьэюя",
	Stop:     words("и в на с о по что для между от при не его как был был"),
	Articles: words("этот эта это эти свой своего свои"),
	And:      words("и а также & да"),
	Inflect:  russianForms,
	Months: months("январь января январе янв", "февраль февраля феврале фев", "март марта марте мар",
		"апрель апреля апреле апр", "май мая мае", "июнь июня июне июн",
		"июль июля июле июл", "август августа августе авг", "сентябрь сентября сентябре сен сент",
		"октябрь октября октябре окт", "ноябрь ноября ноябре ноя нояб",
		"декабрь декабря декабре дек"),
	Weekdays: months("воскресенье", "понедельник", "вторник", "среду среда", "четверг", "пятницу пятница",
		"субботу суббота"),
	Relative:      map[string]int{"сегодня": 0, "вчера": -1, "накануне": -1, "позавчера": -2},
	Abbreviations: words(russianLists.of("abbreviations")),
	Styles:        words(russianLists.of("styles")),
	Names:         russianLists.of("names"),
	Demonyms:      russianLists.of("demonyms"),
	Cities:        russianLists.of("cities"),
	Kinds:         russianLists.of("kinds"),
	NotKinds:      words("план-график бизнес-план"),
	Generic:       words(russianLists.of("generic")),
	Qualifiers:    words(russianLists.of("qualifiers")),
	Numbers: map[string]int{"два": 2, "две": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "пять": 5, "шесть": 6,
		"семь": 7, "восемь": 8, "девять": 9, "десять": 10, "ряд": 0, "ряда": 0, "несколько": 0, "пакет": 0, "серию": 0,
		"серия": 0},
	Another:  words(russianLists.of("another")),
	Signed:   russianLists.of("signed"),
	Happened: russianLists.lines("happened"),
	Planned:  russianLists.lines("planned"),
	Denied:   russianLists.lines("denied"),
	Drafts:   words(russianLists.of("drafts")),
	Alone:    words(russianLists.of("alone")),
	Between:  words("между"), With: words("с со"),
	Counterpart:  words(russianLists.of("counterpart")),
	Both:         words("двух|обеих|обе|обоих|стороны|сторонами|сторон"),
	Governments:  words(russianLists.of("governments")),
	By:           words("с"),
	OnBehalf:     words("от имени|со стороны|от|за"),
	Side:         words("сторона стороны стороной сторону"),
	Presence:     words("в присутствии|при участии|присутствовал*|под патронажем"),
	Offices:      russianLists.of("offices"),
	Subjects:     words(russianLists.of("subjects")),
	OfficeTail:   words("по и в при на с"),
	Honours:      words(russianLists.of("honours")),
	Institutions: russianLists.of("institutions"),
	Occasions:    russianLists.of("occasions"),
	Events:       russianLists.of("events"),
	Validity:     russianLists.of("validity"),
	Earlier:      words(russianLists.of("earlier")),
	Years:        words("годы год года году годов лет гг г"),
	Said:         russianLists.lines("said"),
	Unreal:       russianUnreal,
	Cases:        true,
	Plural:       russianPlural,
	PluralBody:   func(word string) bool { return ending(word, "ы", "ами", "ями", "ов", "ств", "ах") },
	Adjective: func(word string) bool {
		return ending(word, "ий", "ый", "ое", "ее", "ую", "юю", "ая", "ые", "ие", "ого", "ых", "их", "ной", "ным", "ными") &&
			len([]rune(word)) > 4
	},
	InOffice:     genitive,
	Under:        words(russianLists.of("under")),
	UnderAlone:   russianLists.lines("under_alone"),
	Auxiliaries:  words("был была было были"),
	OccasionEnds: words("в на был была было были который которая которое состоялось"),
	In:           words("в во"),
	On:           words("о об по"),
	Towards:      words("из"),
	Regions:      words("область области областью край края краем района районом округа"),
	Town:         words("городе|столице"),
	Relatives:    words("который которое которая которые"),
	We:           words("мы я наш наши нашей нам нас"),
	Firms:        words(russianLists.of("firms")),
	Managers:     russianLists.lines("managers"),
	Ministries:   words("министерств*"),
	Levels:       "intergovernmental: межправительственн*\ninteragency: межведомственн*\ninterstate: межгосударственн*",
	Heads:        words("президент*|корол*|эмир*|султан*|министр* иностранных дел|глав* мид"),
	Vague:        words("сотруднич*|област*|сфер*|стран*|двусторонн*"),
	Nominative:   russianTitle,
	Normal:       russianNormal,
	Person:       russianPerson,
}

// russianNormal writes a body in the nominative singular and in full: "совбезом" is
// "Совет безопасности".
func russianNormal(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		low := strings.ToLower(strings.ReplaceAll(word, "ё", "е"))
		for _, short := range [][2]string{{"совбез", "Совет безопасности"}, {"мид", "Министерство иностранных дел"},
			{"мвд", "Министерство внутренних дел"}, {"минобороны", "Министерство обороны"},
			{"минздрав", "Министерство здравоохранения"},
			{"минфин", "Министерство финансов"}, {"минэкономразвити", "Министерство экономического развития"},
			{"минэкономик", "Министерство экономики"}, {"минтранс", "Министерство транспорта"},
			{"минэнерго", "Министерство энергетики"},
			{"минобрнауки", "Министерство науки и высшего образования"}, {"минобразован", "Министерство образования"},
			{"минкультур", "Министерство культуры"}, {"минсельхозпрод", "Министерство сельского хозяйства и продовольствия"},
			{"минсельхоз", "Министерство сельского хозяйства"}, {"минюст", "Министерство юстиции"},
			{"минспорт", "Министерство спорта"}, {"минторг", "Министерство торговли"},
			{"минпромторг", "Министерство промышленности и торговли"},
			{"минпром", "Министерство промышленности"}, {"минприроды", "Министерство природных ресурсов"},
			{"минтруд", "Министерство труда"}, {"минсвязи", "Министерство связи"}, {"мининформ", "Министерство информации"},
			{"генпрокуратур", "Генеральная прокуратура"}, {"нацбанк", "Национальный банк"}, {"центробанк", "Центральный банк"},
			{"госкомитет", "Государственный комитет"}, {"госдум", "Государственная дума"},
			{"исполком", "Исполнительный комитет"}} {
			if strings.HasPrefix(low, short[0]) && len(low)-len(short[0]) <= 6 {
				full := short[1]
				if i > 0 && short[0] == "совбез" {
					full = "Совета безопасности"
				}
				words[i] = full
			}
		}
	}
	text = strings.Join(words, " ")
	words = strings.Fields(text)
	for i, word := range words {
		nominative, last := headNoun(word)
		if nominative == "" {
			break
		}
		words[i] = nominative
		if last {
			for k := range i { // adjectives agree with it
				words[k] = agreeing(words[k], nominative)
			}
			break
		}
	}
	return strings.Join(words, " ")
}

// headNoun is the first word of a body in the nominative singular; last tells that
// it is a noun.
func headNoun(word string) (nominative string, last bool) {
	low := strings.ToLower(strings.ReplaceAll(word, "ё", "е"))
	for _, head := range []string{"министерство", "агентство", "управление", "комитет", "секретариат", "аппарат", "совет",
		"банк", "парламент", "сенат", "суд", "департамент", "институт", "университет", "центр", "фонд", "бюро", "ведомство",
		"правительство", "кабинет", "собрание",
		"служба", "комиссия", "академия", "палата", "прокуратура", "администрация", "инспекция", "дума"} {
		stem := strings.TrimRight(head, "аоея")
		if head == "комиссия" || head == "академия" || head == "администрация" || head == "инспекция" {
			stem = strings.TrimSuffix(head, "я")
		}
		if head == "управление" || head == "собрание" {
			stem = strings.TrimSuffix(head, "е")
		}
		if strings.HasPrefix(low, stem) && len([]rune(low))-len([]rune(stem)) <= 3 {
			first := []rune(word)[0]
			runes := []rune(head)
			if strings.ToUpper(string(first)) == string(first) {
				runes[0] = first
			}
			return string(runes), true
		}
	}
	for from, to := range map[string]string{"ственн": "ый", "ональн": "ый", "еральн": "ый", "тральн": "ый",
		"ственного": "", "ительн": "ый", "едственн": "ый", "верховн": "ый"} {
		if i := strings.Index(low, from); i >= 0 && to != "" {
			runes := []rune(word)
			stem := string(runes[:len([]rune(low[:i+len(from)]))])
			tail := string([]rune(low)[len([]rune(low[:i+len(from)])):])
			switch {
			case ending(tail, "ая", "ой", "ую"):
				return stem + "ая", false
			case ending(tail, "ое"):
				return stem + "ое", false
			}
			return stem + to, false
		}
	}
	return "", false
}

// russianUnreal: "будет подписан", "не подписали", "если подписано".
func russianUnreal(before, after []token) bool {
	n := len(before)
	for k := n - 1; k >= 0 && k >= n-4; k-- {
		switch before[k].low {
		case "будет", "будут", "быть", "бы", "не", "если", "когда", "пока", "чтобы":
			return true
		case ",", ";", ":", "и", "был", "была", "было", "были":
			return false
		}
	}
	return len(after) > 0 && (after[0].low == "бы" || after[0].low == "не")
}

// russianPlural tells whether a word for an instrument means several; what the
// genitive singular looks like is left out.
func russianPlural(word string) bool {
	switch word {
	case "договоренности", "хартия", "программы", "конвенция":
		return false
	case "соглашения":
		return true
	}
	return ending(word, "ы", "ов", "ами", "ах", "ам", "ий", "иями", "иях")
}

// russianDescribed: "подписанное соглашение".
func russianDescribed(w *marks, i, _ int) bool {
	return strings.HasPrefix(w.tokens[i].low, "подписанн")
}

// russianBody takes in what follows: "Министерство иностранных дел", "аппарат
// Совета безопасности".
func russianBody(w *marks, b *body) bool {
	t := w.tokens
	for k := b.i - 1; k >= 0 && k >= b.i-4 && t[k].word && w.adjectival(k) && !w.partyWord(k) &&
		w.sentenceOf(k) == w.sentenceOf(b.i); k-- {
		if t[k].cap { // "Верховная народная прокуратура"
			b.i = k
		}
	}
	for b.j < len(t) && b.j < b.i+9 && !w.partyWord(b.j) {
		next := russianGoesOn(w, b.j)
		if next == 0 {
			return true
		}
		b.j = next
	}
	return true
}

// russianGoesOn is where a body's name goes on to from a token, or 0 when it has
// ended.
func russianGoesOn(w *marks, k int) int {
	t := w.tokens
	low := t[k].low
	switch {
	case low == "по" && k+1 < len(t):
		return k + 2
	case low == "и" && k+1 < len(t) && t[k+1].word && !t[k+1].cap && genitive(t[k+1].low) && w.sameBody(k+1):
		if w.bodyWord(k + 1) {
			return 0
		}
		return k + 2
	case !t[k].word || !genitive(low) || w.and[low]:
		return 0
	}
	for _, l := range []*lexicon{w.signed, w.kinds} {
		if _, n := l.at(t, k); n > 0 {
			return 0
		}
	}
	if t[k].cap && !w.bodyWord(k) {
		return 0
	}
	return k + 1
}

// genitive tells whether a Russian word can be in the genitive, as what follows a
// body's first word is.
func genitive(low string) bool {
	for _, end := range []string{"ы", "и", "а", "я", "ого", "его", "ой", "ей", "ых", "их", "ов", "ев", "ий", "ств", "ел",
		"дел", "наук"} {
		if strings.HasSuffix(low, end) {
			return utf8.RuneCountInString(low) > 2
		}
	}
	return false
}

// agreeing is an adjective in the nominative, in the gender of a noun.
func agreeing(adjective, noun string) string {
	end := map[bool]string{true: "ая"}[ending(noun, "а", "я")]
	if ending(noun, "о", "е") {
		end = "ое"
	}
	if runes := []rune(adjective); end != "" && ending(adjective, "ый", "ий", "ой") {
		return string(runes[:len(runes)-2]) + end
	}
	return adjective
}

// russianTitle puts the first words of a title into the nominative: "Дорожную
// карту" is "Дорожная карта".
func russianTitle(head string) string {
	words := strings.Fields(head)
	last := len(words) - 1
	low := strings.ToLower(words[last])
	for _, noun := range []string{"программа", "карта", "декларация", "конвенция", "хартия", "договоренность",
		"договорённость", "соглашение", "заявление", "меморандум", "протокол", "план", "договор", "контракт", "пакт"} {
		stem := strings.TrimRight(noun, "аяеь")
		if !strings.HasPrefix(low, stem) || utf8.RuneCountInString(low) > utf8.RuneCountInString(stem)+3 {
			continue
		}
		runes := []rune(noun)
		runes[0], _ = utf8.DecodeRuneInString(words[last])
		words[last] = string(runes)
		for i, word := range words[:last] {
			words[i] = nominativeAdjective(word, noun)
		}
		break
	}
	return strings.Join(words, " ")
}

// nominativeAdjective puts an adjective into the nominative, in the gender of a
// noun.
func nominativeAdjective(word, noun string) string {
	for _, end := range []string{"ую", "ой", "ого", "ому", "ым", "ом", "ая", "ое", "ый"} {
		if stem, ok := strings.CutSuffix(word, end); ok && utf8.RuneCountInString(stem) > 3 {
			hard := "ый"
			if ending(stem, "к", "г", "х", "ж", "ш", "ч", "щ") {
				hard = "ий"
			}
			return agreeing(stem+hard, noun)
		}
	}
	return word
}
