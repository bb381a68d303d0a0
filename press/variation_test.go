package press_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chancery/press"
)

// A phrasing is a sentence with holes, in which everything that fills them means
// the same.
type phrasing struct {
	language string
	sentence string            // {a}, {b}, {kind}, {place}, {date}
	parties  map[string]string // by code, in the case that the sentence asks for
	kinds    map[string]string // by kind
	places   []string
	dates    map[string]string // by EDTF
}

var phrasings = []phrasing{
	{
		language: "en",
		sentence: "{a} and {b} signed {kind} on cooperation in {place} on {date}.",
		parties: map[string]string{"FR": "France", "IN": "India", "BR": "Brazil", "KE": "Kenya", "RS": "Serbia",
			"VN": "Vietnam",
			"MA": "Morocco", "PE": "Peru", "NL": "the Netherlands", "AE": "the United Arab Emirates"},
		kinds: map[string]string{"agreement": "an agreement", "treaty": "a treaty",
			"memorandum": "a memorandum of understanding",
			"protocol":   "a protocol", "declaration": "a joint declaration", "plan": "an action plan",
			"convention": "a convention",
			"programme":  "a programme"},
		places: []string{"Geneva", "Nairobi", "Hanoi", "Lima", "Rabat"},
		dates: map[string]string{"2024-03-07": "March 7, 2024", "2019-12-31": "31 December 2019",
			"2001-01-01": "1 January 2001",
			"2020-02-29": "29 February 2020"},
	},
	{
		language: "de",
		sentence: "{a} und {b} haben am {date} in {place} {kind} über Zusammenarbeit unterzeichnet.",
		parties: map[string]string{"FR": "Frankreich", "IN": "Indien", "BR": "Brasilien", "KE": "Kenia", "RS": "Serbien",
			"VN": "Vietnam", "MA": "Marokko", "PE": "Peru", "PL": "Polen", "AT": "Österreich"},
		kinds: map[string]string{"agreement": "ein Abkommen", "treaty": "einen Vertrag", "memorandum": "ein Memorandum",
			"protocol": "ein Protokoll", "declaration": "eine gemeinsame Erklärung", "plan": "einen Aktionsplan",
			"convention": "ein Übereinkommen", "programme": "ein Programm"},
		places: []string{"Genf", "Nairobi", "Hanoi", "Lima", "Rabat"},
		dates: map[string]string{"2024-03-07": "7. März 2024", "2019-12-31": "31. Dezember 2019",
			"2001-01-01": "1. Januar 2001",
			"2020-02-29": "29. Februar 2020"},
	},
	{
		language: "ru",
		sentence: "{a} и {b} подписали {date} в {place} {kind} о сотрудничестве.",
		parties: map[string]string{"FR": "Франция", "IN": "Индия", "BR": "Бразилия", "KE": "Кения", "RS": "Сербия",
			"VN": "Вьетнам", "MA": "Марокко", "PE": "Перу", "PL": "Польша", "AT": "Австрия"},
		kinds: map[string]string{"agreement": "соглашение", "treaty": "договор", "memorandum": "меморандум",
			"protocol": "протокол", "declaration": "совместную декларацию", "plan": "план мероприятий",
			"convention": "конвенцию",
			"programme":  "программу"},
		places: []string{"Женеве", "Найроби", "Ханое", "Лиме", "Рабате"},
		dates: map[string]string{"2024-03-07": "7 марта 2024 года", "2019-12-31": "31 декабря 2019 года",
			"2001-01-01": "1 января 2001 года", "2020-02-29": "29 февраля 2020 года"},
	},
}

func (p phrasing) with(a, b, kind, place, date string) string {
	return strings.NewReplacer("{a}", a, "{b}", b, "{kind}", kind, "{place}", place, "{date}", date).Replace(p.sentence)
}

// read is what a text says was signed, in a few words.
func read(text string) string {
	draft := reader().Read(press.Report{Text: text, Published: "2025-01-15"})
	var list []string
	for _, in := range draft.Instruments {
		var codes []string
		for _, p := range in.Parties {
			codes = append(codes, p.Value.Value)
		}
		slices.Sort(codes)
		signed := ""
		if in.Signed != nil {
			signed = in.Signed.Value
		}
		list = append(list, fmt.Sprintf("%s %s %s", in.Kind.Value, strings.Join(codes, "-"), signed))
	}
	return strings.Join(list, "; ")
}

// A sentence says the same of whomever it tells: every two parties, every kind,
// every day and place are read alike.
func TestASentenceIsReadAlikeOfAnybody(t *testing.T) {
	for _, p := range phrasings {
		n := 0
		for code, a := range p.parties {
			for kind, named := range p.kinds {
				for day, date := range p.dates {
					other := "KE"
					if code == other {
						other = "PE"
					}
					text := p.with(a, p.parties[other], named, p.places[n%len(p.places)], date)
					n++
					codes := []string{code, other}
					slices.Sort(codes)
					if got, want := read(text), kind+" "+strings.Join(codes, "-")+" "+day; got != want {
						t.Errorf("%s\n\t%s, want %s", text, got, want)
					}
				}
			}
		}
		if n < 300 {
			t.Errorf("%s: %d sentences", p.language, n)
		}
	}
}

// How a text is set says nothing: blanks, line ends, soft hyphens and quotation
// marks change no value.
func TestHowATextIsSetSaysNothing(t *testing.T) {
	for _, p := range phrasings {
		text := p.with(p.parties["KE"], p.parties["VN"], p.kinds["protocol"], p.places[0], p.dates["2024-03-07"])
		want := read(text)
		for name, set := range map[string]string{
			"lines end as on Windows":  strings.ReplaceAll("\n"+text+"\n\n", "\n", "\r\n"),
			"blanks do not break":      strings.ReplaceAll(text, " ", "\u00a0"),
			"blanks are doubled":       strings.ReplaceAll(text, " ", "  "),
			"tabs":                     strings.ReplaceAll(text, " ", "\t"),
			"a mark at the beginning":  "\ufeff" + text,
			"blanks before and behind": "   " + text + "   ",
			"each word on a line":      strings.ReplaceAll(text, " ", "\n"),
		} {
			if got := read(set); got != want {
				t.Errorf("%s, %s: %s, want %s", p.language, name, got, want)
			}
		}
	}
}

// What is told besides changes nothing of what was signed.
func TestWhatIsToldBesidesChangesNothing(t *testing.T) {
	besides := map[string][]string{
		"en": {"The weather was fine.", "Trade between the two countries grew by 12 percent last year.",
			"The delegation will return home on Friday.", "Reporters asked about the harvest."},
		"de": {"Das Wetter war schön.", "Der Handel zwischen beiden Ländern wuchs im vergangenen Jahr um 12 Prozent.",
			"Die Delegation wird am Freitag zurückkehren.", "Journalisten fragten nach der Ernte."},
		"ru": {"Погода была хорошей.", "Товарооборот между странами вырос в прошлом году на 12 процентов.",
			"Делегация вернется домой в пятницу.", "Журналисты спросили об урожае."},
	}
	for _, p := range phrasings {
		text := p.with(p.parties["KE"], p.parties["VN"], p.kinds["agreement"], p.places[0], p.dates["2024-03-07"])
		want := read(text)
		for _, other := range besides[p.language] {
			for _, told := range []string{other + " " + text, text + " " + other, other + "\n\n" + text, text + "\n\n" + other} {
				if got := read(told); got != want {
					t.Errorf("%s\n\t%s, want %s", told, got, want)
				}
			}
		}
	}
}

// What is planned, drafted or denied is not what was signed.
func TestWhatWasNotSignedIsNotRead(t *testing.T) {
	for _, text := range []string{
		"France and Kenya plan to sign an agreement on cooperation in Geneva on 7 March 2025.",
		"France and Kenya are expected to sign a treaty next week.",
		"France and Kenya have not signed an agreement.",
		"France and Kenya discussed a draft agreement on cooperation.",
		"France and Kenya refused to sign the protocol.",
		"France and Kenya intend to sign a memorandum of understanding.",
		"Frankreich und Kenia wollen ein Abkommen über Zusammenarbeit unterzeichnen.",
		"Frankreich und Kenia werden am Montag einen Vertrag unterzeichnen.",
		"Frankreich und Kenia haben kein Abkommen unterzeichnet.",
		"Frankreich und Kenia berieten über den Entwurf eines Abkommens.",
		"Frankreich und Kenia planen die Unterzeichnung eines Protokolls.",
		"Франция и Кения планируют подписать соглашение о сотрудничестве.",
		"Франция и Кения подпишут договор на следующей неделе.",
		"Франция и Кения не подписали соглашение.",
		"Франция и Кения обсудили проект соглашения.",
		"Франция и Кения намерены подписать меморандум.",
	} {
		if got := read(text); got != "" {
			t.Errorf("%s\n\t%s", text, got)
		}
	}
}
