package exchange

import (
	"slices"
	"strings"

	"chancery/models"
	"chancery/models/search"
)

// words are what people call what a field or a closed list can say, in several
// languages.
var words = map[string]map[string][]string{
	"kind": {
		"treaty":     {"trattato", "traktat", "treaty", "vertrag", "staatsvertrag", "договор", "traite", "tratado"},
		"convention": {"convenzione", "konwencja", "convencion", "convencao", "convention", "konvention", "ubereinkommen", "конвенция"},
		"agreement":  {"accordo", "umowa", "porozumienie", "acordo", "convenio", "agreement", "abkommen", "vereinbarung", "соглашение", "accord", "acuerdo"},
		"protocol":   {"protocollo", "protokół", "protocol", "protokoll", "zusatzprotokoll", "протокол", "protocole", "protocolo"},
		"notes": {"scambio di note", "wymiana not", "canje de notas", "troca de notas", "exchange of notes", "exchange of letters", "notenwechsel", "briefwechsel", "обмен нотами",
			"обмен письмами", "echange de notes"},
		"memorandum": {"memorandum d’intesa", "memorando", "memorandum", "mou", "memorandum of understanding", "absichtserklarung", "меморандум"},
		"plan":       {"plan", "cooperation plan", "kooperationsplan", "план"},
		"programme":  {"programme", "program", "programm", "программа"},
		"declaration": {"dichiarazione", "deklaracja", "declaracion", "declaracao", "declaration", "joint declaration", "gemeinsame erklarung", "erklarung", "декларация",
			"совместная декларация", "заявление"},
		"communique": {"communique", "joint communique", "kommunique", "коммюнике"},
		"amendment":  {"amendment", "amend", "anderung", "поправка", "поправки", "изменение"},
		"other":      {"other", "sonstiges", "иное", "другое", "resolution", "regulation", "report"},
	},
	"level": {
		"interstate": {"interstate", "state", "zwischenstaatlich", "межгосударственный", "межгосударственное"},
		"intergovernmental": {"intergovernmental", "government", "regierungsabkommen", "межправительственный",
			"межправительственное"},
		"interagency": {"interagency", "interministerial", "ressortabkommen", "межведомственный", "межведомственное",
			"departmental"}, "unknown": {"unknown", "unbekannt", "неизвестно"},
	},
	"binding": {"yes": {"true", "1", "ja", "да", "y", "binding", "verbindlich"},
		"no":      {"false", "0", "nein", "нет", "n", "non-binding", "unverbindlich"},
		"unknown": {"unbekannt", "неизвестно", "?"}},
	"role": {"party": {"vertragspartei", "сторона", "member"}, "signatory": {"unterzeichner", "подписавшая сторона",
		"signer"}, "guarantor": {"garant", "гарант"},
		"depositary": {"depositar", "verwahrer", "депозитарий"}, "observer": {"beobachter", "наблюдатель"}},
	"basis": {"entry-into-force": {"entry into force", "in force", "inkrafttreten"},
		"provisional": {"provisional application", "vorlaufig"}, "renewal": {"verlangerung"}},
	"takes_effect": {"signature": {"on signature", "upon signature", "mit unterzeichnung", "с подписания"},
		"date":      {"on a date", "zu einem tag", "в определенный день"},
		"condition": {"on a condition", "conditional", "unter einer bedingung", "при условии"}},
	"chart": {"complete": {"vollstandig", "полностью"}, "exceptions": {"exceptions only", "ausnahmen", "исключения"},
		"partial": {"in part", "teilweise", "частично"}},
	"renewal": {"tacit": {"automatic", "automatisch", "stillschweigend", "автоматически"},
		"by-agreement": {"by agreement", "vereinbart"}, "none": {"no", "keine", "нет"}},
	"act_type": {"signature": {"signed", "signatur", "unterzeichnung", "подписание"},
		"ratification": {"ratified", "ratifikation", "ratifizierung", "ратификация"},
		"accession":    {"acceded", "beitritt", "присоединение"},
		"acceptance":   {"accepted", "annahme", "принятие"}, "approval": {"approved", "genehmigung", "одобрение",
			"утверждение"}, "entry-into-force": {"entry into force", "inkrafttreten", "вступление в силу"},
		"withdrawal":   {"withdrew", "austritt", "rucktritt", "выход"},
		"denunciation": {"denounced", "kundigung", "денонсация"}, "termination": {"terminated", "beendigung", "прекращение"}},
}

func init() {
	for _, list := range words {
		for _, known := range list {
			for i := range known {
				known[i] = search.Fold(known[i])
			}
		}
	}
	for _, f := range models.Fields {
		columnNames = append(columnNames, columnName{f.Name, slices.Clone(f.Words)})
	}
	for _, c := range columnNames {
		for i := range c.names {
			c.names[i] = search.Fold(c.names[i])
		}
	}
}

// meaning is what people mean by a word in a closed list; empty when that is not
// known.
func meaning(field, value string) string {
	folded := search.Fold(value)
	for meant, known := range words[field] {
		if slices.Contains(known, folded) {
			return meant
		}
	}
	return ""
}

// beginsAs is the kind of agreement that the beginning of a title names; empty when
// it names none.
func beginsAs(title string) string {
	folded := search.Fold(title)
	best, length := "", 0
	for meant, known := range words["kind"] {
		for _, word := range known {
			if meant != "other" && meant != "agreement" && len(word) > length && strings.HasPrefix(folded, word) {
				best, length = meant, len(word)
			}
		}
	}
	words := strings.Fields(folded)
	if best == "" && len(words) > 1 && !slices.Contains([]string{"the", "of", "this"}, words[len(words)-2]) { // Peace Treaty
		if kind := meaning("kind", words[len(words)-1]); kind != "other" && kind != "agreement" {
			return kind
		}
	}
	return best
}

// A columnName is how the columns are called that mean a field. No two fields share
// a name: a test looks.
type columnName struct {
	field string
	names []string
}

// columnNames are those of what has several values or parts; of the scalar fields,
// their own table knows.
var columnNames = []columnName{
	{"number", []string{"agreement", "register number", "registernummer", "регистрационный номер", "chancery"}},
	{"id", []string{"no", "lfd", "code", "treaty no", "treaty nr", "ref", "ref no", "record id", "numero", "numer", "códigos",
		"código", "codice", "n°", "lfd nr", "рег номер", "id", "treatyid", "treaty id", "identifier", "kennung",
		"идентификатор", "nr", "number", "nummer", "номер", "agreement id", "treaty number", "agtid", "atopid",
		"registration number", "unts", "destaid", "reference"}},
	{"title", []string{"intitulé", "titre complet", "título", "titolo", "tytuł", "nazwa", "nome", "nombre",
		"denominazione", "denominación", "designation", "name of agreement", "name of treaty", "treaty title",
		"agreement name", "наименование договора", "название договора", "official title", "instrument", "title", "name",
		"titel", "bezeichnung", "название", "наименование", "titre", "treaty", "agreement title", "short title",
		"treaty name", "full title", "agt"}},
	{"in_force", []string{"entry into force date", "eif", "effective date", "date eif", "date of eif", "in force since",
		"in kraft seit", "inkrafttretensdatum", "entrada en vigor", "fecha de entrada en vigor", "entrata in vigore",
		"data entrata in vigore", "data entrada em vigor", "entrada em vigor", "wejście w życie", "data wejścia w życie",
		"date d'entrée en vigueur", "вступил в силу с", "дата вступления", "in force", "entry into force",
		"entered into force", "date of entry into force", "force", "in kraft", "inkrafttreten", "in kraft getreten",
		"вступил в силу", "вступление в силу", "дата вступления в силу", "entree en vigueur"}},
	{"valid_from", []string{"valid from", "from", "gultig ab", "gultig von", "laufzeit von", "действует с", "start", "beginn", "начало"}},
	{"valid_until", []string{"valid till", "expiration", "expiration date", "gültig bis zum", "fin de validité", "hasta",
		"vigencia hasta", "fino al", "válido até", "ważny do", "valid until", "until", "valid to", "expires", "expiry",
		"expiry date", "gultig bis", "bis", "laufzeit bis", "действует до", "срок действия до", "term", "end date"}},
	{"validity", []string{"validity", "period", "gultigkeit", "laufzeit", "срок действия", "zeitraum", "период"}},
	{"ended", []string{"end of validity", "date terminated", "end year", "year end", "fecha de terminación",
		"terminación", "date de fin", "fin", "data di cessazione", "data fim", "wygaśnięcie", "außer kraft seit",
		"außerkrafttreten", "прекращение", "дата прекращения", "ended", "terminated", "termination", "end", "beendet",
		"ausser kraft", "прекращен", "termination date", "date of termination"}},
	{"party", []string{"contracting parties", "contracting party", "parties to agreement", "member", "members",
		"partner country", "counterpart", "other party", "pays", "parties contractantes", "partie", "partenaire", "país",
		"paises", "partes", "parte", "paese", "paesi", "parti", "strony", "strona", "państwo", "kraj", "kraje",
		"participante", "signataires", "mitglied", "mitglieder", "vertragsstaat", "vertragsstaaten", "partnerland",
		"partnerstaat", "участник", "участники", "государство", "государства", "страна-партнер", "первая сторона",
		"вторая сторона", "iso3", "iso2", "iso", "state1", "state2", "country1", "country2", "statea", "stateb", "partya",
		"partyb", "ccode1", "ccode2", "stateabb", "statenme", "party", "parties", "partei", "parteien", "vertragspartei",
		"vertragsparteien", "lander", "land", "staat", "staaten", "стороны", "сторона", "страна", "страны", "country",
		"countries", "states", "state", "stateid", "partner", "vertragspartner", "country a", "country b", "party a",
		"party b", "party 1", "party 2", "country 1", "country 2", "state a", "state b", "partei a", "partei b", "сторона 1",
		"сторона 2", "сторона а", "сторона б", "signatories", "ccode", "statename", "con", "participant", "participants"}},
	{"institution", []string{"institution", "ministry", "behorde", "institutionen", "ведомство", "министерство"}},
	{"person", []string{"signatory", "person", "signed by", "unterzeichner", "подписал", "подписант"}},
	{"office", []string{"office", "position", "funktion", "amt", "должность"}},
	{"subject", []string{"subject matter", "sujet", "objet", "materia", "tema", "oggetto", "assunto", "przedmiot",
		"dziedzina", "policy area", "area", "sector", "issue", "sachbereich", "gegenstand", "subject", "subjects", "topic",
		"field", "thema", "themen", "sachgebiet", "тема", "предмет", "сфера", "typesubject", "domain"}},
	{"source_url", []string{"lien", "enlace", "hyperlink", "url text", "treaty url", "document", "текст", "adres", "url",
		"link", "source url", "texturl", "adresse", "ссылка", "website", "web", "full text"}},
	{"source_title", []string{"source", "quelle", "источник", "source title", "published"}},
	{"source_publisher", []string{"publisher", "herausgeber", "издатель", "source publisher"}},
	{"source_published", []string{"published on", "veroffentlicht", "дата публикации", "publication date"}},
	{"act:ratification", []string{"ratification acceptance approval", "ratification acceptance a approval aa accession a",
		"ratification accession", "ratification accession a", "ratification acceptance a accession a", "consent to be bound",
		"date of ratification", "date of deposit", "deposit", "ratificación", "ratificazione", "ratificação", "ratyfikacja",
		"date de ratification", "дата ратификации", "ratification approval", "instrument of ratification", "ratified",
		"ratification", "stateratification", "ratifiziert", "ratifikation", "ратификация", "ratification date"}},
	{"year", []string{"year", "sign year", "signed year", "year of signature", "jahr", "год", "année", "año", "anno", "rok", "year signed", "signature year", "byear", "beg year"}},
	{"month", []string{"month", "sign month", "signed month", "beg mon", "beg month", "monat", "месяц", "mois", "mes", "mese", "miesiąc", "bmon"}},
	{"day", []string{"day", "sign day", "signed day", "beg day", "tag", "день", "jour", "día", "giorno", "dzień", "bday"}},
	{"act:withdrawal", []string{"withdrawal", "withdrew", "date of withdrawal", "denunciation", "denounced", "austritt",
		"retrait", "retiro", "выход"}},
	{"act:signature", []string{"state signature", "signature by party"}},
	{"act:entry-into-force", []string{"entry into force for party", "in force for"}},
	{"act:accession", []string{"date of accession", "adhésion", "adesione", "adesão", "przystąpienie",
		"дата присоединения", "accession", "acceded", "beitritt", "присоединение"}},
}

// signs are letters and words by which a language is told, of those that agreements
// are most often titled in.
var signs = []struct {
	language string
	signs    []string
}{
	{"be", []string{"ў"}}, {"uk", []string{"ї", "є"}}, {"ru", []string{"ы", "э", " о ", "соглашение", "договор"}},
	{"de", []string{"ß", "abkommen", "vertrag", "vereinbarung", " über ", " zwischen ", " und "}},
	{"fr", []string{"accord ", "traité", " entre ", " et "}},
	{"es", []string{"ñ", "acuerdo", "tratado", "convenio", " entre "}},
	{"en", []string{"agreement", "treaty", "convention", "protocol", " between ", " on ", " the "}},
}

// languageOf is the language whose signs stand most often in a text; und when none
// does.
func languageOf(text string) string {
	text = strings.ToLower(text)
	best, most := "und", 0
	for _, l := range signs {
		n := 0
		for _, sign := range l.signs {
			n += strings.Count(text, sign)
		}
		if n > most {
			best, most = l.language, n
		}
	}
	return best
}
