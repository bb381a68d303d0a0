package press

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chancery/models"
)

// An act is a verb or noun of signing in a sentence.
type act struct {
	i, j  int
	label string // done, head, event, adopt
	real  bool
}

// A candidate is an instrument as one sentence tells of it.
type candidate struct {
	sentence int
	kind     kindMention
	act      act
	headline bool
	codes    []string
	explicit bool // the sentence names both sides of it
	parties  map[string]*Value
	bodies   map[string]*Value
	people   []*person
	signed   *Value
	place    *Value
	valid    *Value
	period   period
	occasion *Value
	level    string
	title    *Value
}

// signedOnes reads the instruments that were signed.
func (w *reading) signedOnes() []Instrument {
	var found []*candidate
	for k := range w.sentences {
		found = append(found, w.candidates(k)...)
	}
	found = w.merge(found)
	var list []Instrument
	for _, c := range found {
		if in, ok := w.instrument(c); ok {
			list = append(list, in)
		}
	}
	return list
}

// acts are the verbs of signing of a sentence, with whether they tell of something done.
func (w *reading) acts(k int) (list []act) {
	s := w.sentences[k]
	t := w.tokens
	for i := s.i; i < s.j; i++ {
		e, n := w.signed.at(t, i)
		if n == 0 {
			continue
		}
		a := act{i: i, j: i + n, label: e.label}
		before, after := t[s.i:i], t[i+n:s.j]
		switch e.label {
		case "head":
			a.real = s.headline && !w.lang.Unreal(before, after) && !w.promised(s.i, i)
			if w.lang.Code == "de" && t[i].cap {
				continue
			}
			if w.lang.Code == "de" && !s.headline && !strings.HasSuffix(t[i].low, "t") {
				a.real = w.presentTense(s, i)
			}
		case "event":
			a.real = w.says(w.happened, s) && !w.says(w.planned, s) && !w.says(w.denied, s)
			if s.headline {
				a.real = !w.says(w.planned, s) && !w.says(w.denied, s) && (w.says(w.happened, s) || strings.HasPrefix(e.name, "signing ceremony"))
			}
		default:
			a.real = !w.lang.Unreal(before, after) && !w.attributiveAt(i, n)
			if w.lang.Code == "en" && i > s.i && t[i-1].low == "to" {
				a.real = false
			}
		}
		if w.quoted(i) {
			a.real = false
		}
		list = append(list, a)
		i = a.j - 1
	}
	return list
}

// promised tells of a headline's verb in the present that it is only announced: "to sign", "will sign".
func (w *reading) promised(i, verb int) bool {
	for k := max(i, verb-3); k < verb; k++ {
		switch w.tokens[k].low {
		case "to", "will", "may", "could", "would", "can", "should", "must", "not", "zu", "wollen", "sollen", "werden", "können", "möchten", "nicht":
			return true
		}
	}
	if w.lang.Code == "de" {
		for k := verb + 1; k < verb+3 && k < len(w.tokens); k++ {
			switch w.tokens[k].low {
			case "wollen", "sollen", "werden", "können", "möchten":
				return true
			}
		}
		for k := i; k < verb; k++ {
			switch w.tokens[k].low {
			case "wollen", "sollen", "werden", "können", "möchten", "zu", "will", "soll", "plant", "planen":
				return true
			}
		}
	}
	return false
}

// presentTense: in German reports "X und Y unterzeichnen ein Abkommen" stands for the past where the verb is second.
func (w *reading) presentTense(s sentence, i int) bool { return false }

func (w *reading) says(l *lexicon, s sentence) bool {
	for i := s.i; i < s.j; i++ {
		if _, n := l.at(w.tokens, i); n > 0 {
			return true
		}
	}
	return false
}

// attributiveAt tells of a participle that it only describes: "das 2010 unterzeichnete Abkommen", "подписанное ранее".
func (w *reading) attributiveAt(i, n int) bool {
	t := w.tokens
	low := t[i].low
	switch w.lang.Code {
	case "ru":
		return strings.HasPrefix(low, "подписанн")
	case "de":
		if !strings.HasSuffix(low, "te") && !strings.HasSuffix(low, "ten") && low != "geschlossene" {
			return false
		}
		return i+n < len(t) && w.kindHere(i+n) && w.articleBefore(i)
	case "en":
		if i > 0 && (w.articles[t[i-1].low] || t[i-1].low == "all") && low == "signed" && i+n < len(t) && t[i+n].word {
			return true
		}
		if i+n < len(t) && w.kindHere(i+n) && i > 0 && (w.articles[t[i-1].low] || t[i-1].low == "newly" || t[i-1].low == "recently" || t[i-1].low == "previously") {
			return true
		}
		// "agreements signed in 2010", "the treaty, signed last year,": after a noun, without an auxiliary
		if i > 0 && (w.inKind(i-1) || t[i-1].text == "," && i > 1 && w.inKind(i-2) || t[i-1].low == "previously" || t[i-1].low == "earlier") {
			s := w.sentences[w.sentenceOf(i)]
			return !s.headline && !w.documentsList(i)
		}
	}
	return false
}

// documentsList: "The documents signed include: …" tells what was signed.
func (w *reading) documentsList(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := i; k < s.j; k++ {
		switch w.tokens[k].low {
		case "include", "included", "includes", "are", "were", "was", "is", ":":
			return true
		}
	}
	return false
}

func (w *reading) articleBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-6; k-- {
		low := w.tokens[k].low
		if low == "das" || low == "des" || low == "dem" || low == "die" || low == "der" || low == "den" || low == "im" || low == "vom" || low == "zum" {
			return true
		}
		if low == "haben" || low == "hat" || low == "wurde" || low == "wurden" || low == "," {
			return false
		}
	}
	return false
}

func (w *reading) kindHere(i int) bool {
	for _, k := range w.instruments {
		if k.i == i {
			return true
		}
	}
	return false
}

// quoted tells whether a token is inside of what somebody is quoted with.
func (w *reading) quoted(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	if s.headline {
		return false
	}
	t := w.tokens
	open := false
	start := 0
	for k := s.i; k < s.j; k++ {
		switch t[k].text {
		case "„", "“", "”", "«", "»", "\"":
			closing := t[k].text == "»" || t[k].text == "”" || open && t[k].text != "„" && t[k].text != "«"
			if closing && open {
				if start < i && i < k && k-start > 8 && w.spoken(start, k) {
					return true
				}
				open = false
			} else if !closing {
				open, start = true, k
			}
		}
	}
	return open && start < i && s.j-start > 8 && w.spoken(start, s.j)
}

// spoken tells speech from a title in quotation marks: it has a comma or a full stop before its end, or a pronoun.
func (w *reading) spoken(i, j int) bool {
	for k := i; k < j; k++ {
		switch w.tokens[k].low {
		case "we", "i", "our", "wir", "ich", "unser", "unsere", "unseren", "мы", "я", "наш", "наши", "нашей", "нам", "нас", "us", "uns":
			return true
		}
	}
	return false
}

// candidates are the instruments that a sentence tells were signed.
func (w *reading) candidates(k int) (list []*candidate) {
	acts := w.acts(k)
	if !slices.ContainsFunc(acts, func(a act) bool { return a.real }) {
		return nil
	}
	s := w.sentences[k]
	if w.companies(s) {
		return nil
	}
	var kinds []kindMention
	for _, m := range w.instruments {
		if s.i <= m.i && m.i < s.j {
			if n := len(kinds); n > 0 && kinds[n-1].j < m.i && w.tokens[m.i-1].text == "(" && m.i-1-kinds[n-1].j < 2 {
				continue // "a memorandum of understanding (MoU)"
			}
			m.nested = w.nestedAt(m, kinds, s)
			m.old = w.isOld(m, s)
			kinds = append(kinds, m)
		}
	}
	generic := slices.ContainsFunc(kinds, func(m kindMention) bool { return m.kind == "" })
	for n, m := range kinds {
		a, ok := w.actFor(m, acts, kinds)
		if !ok || m.draft || m.nested || m.old {
			continue
		}
		if a.label == "adopt" && m.kind != "declaration" && m.kind != "communique" {
			continue
		}
		if m.kind == "" && slices.ContainsFunc(kinds, func(o kindMention) bool { return o.kind != "" && !o.draft && !o.nested && !o.old }) {
			continue // "a number of documents, among them …"
		}
		c := &candidate{sentence: k, kind: m, act: a, headline: s.headline}
		next := s.j
		for _, o := range kinds[n+1:] {
			if !o.nested {
				next = o.i
				break
			}
		}
		w.describe(c, s, next, kinds)
		list = append(list, c)
	}
	if len(list) == 0 && !generic && len(kinds) == 0 {
		for _, a := range acts {
			if a.real && a.label == "done" && !w.aloneNear(a, s) {
				c := &candidate{sentence: k, kind: kindMention{i: a.i, j: a.j}, act: a, headline: s.headline}
				w.describe(c, s, s.j, nil)
				if len(c.people) > 0 || s.headline {
					list = append(list, c)
				}
				break
			}
		}
	}
	return list
}

// companies tells of a sentence whose parties are firms.
func (w *reading) companies(s sentence) bool {
	firms, officials := false, false
	for i := s.i; i < s.j; i++ {
		switch low := w.tokens[i].low; {
		case slices.Contains([]string{"company", "companies", "firm", "firms", "corporation", "ltd", "llc", "jsc", "gmbh", "inc", "club", "unternehmen", "firma", "firmen", "konzern", "konzerne", "betrieb", "werk", "verein", "компания", "компании", "компанией", "компаниями", "предприятие", "предприятия", "предприятием", "завод", "заводом", "завода", "холдинг", "холдингом", "концерн", "концерном", "клуб", "клубом", "корпорация", "корпорации", "ооо", "оао", "зао", "пао", "ао", "aktiengesellschaft"}, low):
			firms = true
		}
		if _, n := w.offices.at(w.tokens, i); n > 0 && (w.lang.Code != "de" || w.tokens[i].cap) {
			low := w.tokens[i].low
			if !strings.Contains(low, "direktor") && !strings.Contains(low, "директор") && !strings.Contains(low, "director") && low != "head" && low != "chief" && low != "chairman" && !strings.HasPrefix(low, "руководител") && !strings.HasPrefix(low, "глава") && !strings.HasPrefix(low, "leiter") && !strings.HasPrefix(low, "chef") {
				officials = true
			}
		}
		if w.governments[w.tokens[i].low] {
			officials = true
		}
	}
	if !firms || officials {
		return false
	}
	for _, b := range w.institutions {
		if s.i <= b.i && b.i < s.j {
			low := w.tokens[b.i].low
			if strings.Contains(low, "minist") || strings.Contains(low, "минист") {
				return false
			}
		}
	}
	return true
}

// nestedAt tells whether an instrument is only part of another's title, or what others act under.
func (w *reading) nestedAt(m kindMention, before []kindMention, s sentence) bool {
	t := w.tokens
	b := m.i - 1
	for b >= s.i && (w.qualifiers[t[b].low] || w.articles[t[b].low] || t[b].text == "«" || t[b].text == "„" || t[b].text == "“" || t[b].text == "\"" || t[b].number || t[b].low == "-" && t[b].space == false || w.lang.Numbers[t[b].low] != 0 || w.partyAdjective(b) || w.adjectival(b)) {
		if t[b].line && b < m.i-1 {
			return false
		}
		b--
	}
	if b < s.i || t[b+1].line && len(before) > 0 {
		return false
	}
	low := t[b].low
	if w.and[low] || t[b].text == "," || t[b].text == ";" || t[b].text == ":" || w.item(b) || t[b].text == "(" || t[b].text == ")" {
		return false
	}
	if w.lang.Code == "en" && low == "as" {
		return false
	}
	under := map[string][]string{
		"en": {"under", "with", "to", "implementing", "amending", "of", "on", "within", "by", "from", "per", "following", "since", "at", "in", "for", "into"},
		"de": {"im", "gemäß", "nach", "laut", "zum", "zur", "zu", "des", "der", "aus", "beim", "seit", "vom", "zur", "über", "rahmen", "umsetzung", "bei"},
		"ru": {"к", "в", "о", "об", "по", "соответствии", "рамках", "реализации", "основе", "на", "выполнению", "выполнения", "исполнению", "до", "из"},
	}[w.lang.Code]
	if w.lang.Code == "de" && b+1 < m.i && (t[b+1].low == "des" || t[b+1].low == "der" || t[b+1].low == "dem") && t[b].cap {
		low = t[b+1].low // "Rahmen des Abkommens"
	}
	if len(before) > 0 && slices.Contains(under, low) {
		last := before[len(before)-1]
		if _, hasVerb := w.verbBetween(last.j, m.i); !hasVerb {
			return true
		}
	}
	if e, n := w.signed.at(t, b); n > 0 && e.label == "event" {
		return false
	}
	switch w.lang.Code {
	case "en":
		if slices.Contains([]string{"under", "implementing", "amending", "within", "per", "since", "into"}, low) {
			return true
		}
		if low == "of" && b > s.i && (t[b-1].low == "framework" || t[b-1].low == "implementation" || t[b-1].low == "basis" || t[b-1].low == "ratification" || t[b-1].low == "anniversary" || t[b-1].low == "text" || t[b-1].low == "drafts" || t[b-1].low == "terms") {
			return true
		}
		if low == "with" && b > s.i && (t[b-1].low == "accordance" || t[b-1].low == "line") {
			return true
		}
		if low == "to" && b > s.i {
			return t[b-1].low == "pursuant" || t[b-1].low == "according" || t[b-1].low == "thanks"
		}
	case "de":
		if b > s.i && (t[b].low == "rahmen" || t[b].low == "grundlage" || t[b].low == "umsetzung" || t[b].low == "jahrestag" || t[b].low == "ratifizierung" || t[b].low == "entwurf" || t[b].low == "basis" || t[b].low == "text") {
			return true
		}
		return slices.Contains([]string{"gemäß", "laut", "seit", "im"}, low)
	case "ru":
		return slices.Contains([]string{"соответствии", "рамках", "реализации", "основе", "выполнение", "выполнения", "ратификации", "исполнение", "исполнения", "к", "текста", "положений", "заключению", "заключения"}, low) ||
			low == "с" && b > s.i && t[b-1].low == "соответствии"
	}
	return false
}

func (w *reading) partyAdjective(i int) bool {
	m, ok := w.mentionOver(i)
	return ok && (m.adjective || w.lang.Code == "en")
}

// adjectival tells whether a word before an instrument only describes it.
func (w *reading) adjectival(i int) bool {
	t := w.tokens[i]
	if !t.word || w.and[t.low] || t.cap && w.lang.Code == "de" {
		return false
	}
	if _, n := w.signed.at(w.tokens, i); n > 0 {
		return false
	}
	switch w.lang.Code {
	case "de":
		return len(t.low) > 4 && (strings.HasSuffix(t.low, "es") || strings.HasSuffix(t.low, "en") || strings.HasSuffix(t.low, "er") || strings.HasSuffix(t.low, "e")) && !slices.Contains([]string{"unter", "über", "haben", "wurden", "zwischen"}, t.low)
	case "ru":
		return ending(t.low, "ий", "ый", "ое", "ее", "ую", "юю", "ая", "ые", "ие", "ого", "ых", "их", "ной", "ным", "ными") && len([]rune(t.low)) > 4
	}
	return ending(t.low, "al", "ive", "ary", "ent", "ing", "ous", "ic", "year", "term", "free", "trade", "security", "defence", "defense", "cooperation", "economic", "tax", "investment", "extradition", "peace", "ceasefire", "border", "partnership", "visa", "air", "services", "energy", "gas", "grain", "loan", "protection", "action", "work")
}

func (w *reading) verbBetween(i, j int) (int, bool) {
	for ; i < j; i++ {
		if e, n := w.signed.at(w.tokens, i); n > 0 && e.label != "event" {
			return i, true
		}
	}
	return 0, false
}

// isOld tells of an instrument that came before the one signed.
func (w *reading) isOld(m kindMention, s sentence) bool {
	t := w.tokens
	for k := max(s.i, m.i-3); k < m.i; k++ {
		if _, n := w.earlier.at(t, k); n > 0 {
			return true
		}
	}
	return false
}

// actFor is the verb that an instrument belongs to: the nearest one, unless something that one side signs alone is nearer.
func (w *reading) actFor(m kindMention, acts []act, kinds []kindMention) (act, bool) {
	best, near := act{}, 1<<30
	for _, a := range acts {
		d := max(m.i-a.j, a.i-m.j)
		// A list after a verb belongs to it however long it is.
		if d < near {
			best, near = a, d
		}
	}
	if !best.real {
		// the nearest verb is not of something done; but a real one may stand on the same side without another noun between
		return best, false
	}
	i, j := best.j, m.i
	if m.i < best.i {
		i, j = m.j, best.i
	}
	for k := i; k < j; k++ {
		if w.alone[w.tokens[k].low] && !w.inKind(k) {
			return best, false
		}
	}
	if w.aloneNear(best, w.sentences[w.sentenceOf(best.i)]) {
		d := max(m.i-best.j, best.i-m.j)
		if d > 4 {
			return best, false
		}
	}
	return best, true
}

// aloneNear tells whether the thing signed is one that one side signs alone: right after the verb, or right before it.
func (w *reading) aloneNear(a act, s sentence) bool {
	t := w.tokens
	for k := a.j; k < s.j && k < a.j+4; k++ {
		if w.alone[t[k].low] {
			return true
		}
		if w.inKind(k) || t[k].text == "," {
			break
		}
	}
	reach := 4
	if w.lang.Code == "de" {
		reach = 10
	}
	for k := a.i - 1; k >= s.i && k >= a.i-reach; k-- {
		if w.inKind(k) || t[k].text == "," {
			break
		}
		if w.alone[t[k].low] && (w.lang.Code != "de" || t[k].cap) {
			return true
		}
	}
	return false
}

// describe reads what a sentence says of an instrument; next is where the sentence goes on to another.
func (w *reading) describe(c *candidate, s sentence, next int, kinds []kindMention) {
	c.parties, c.bodies = map[string]*Value{}, map[string]*Value{}
	w.partiesOf(c, s, next)
	w.bodiesOf(c, s, next, kinds)
	w.peopleOf(c, s)
	for _, p := range w.periods {
		if c.kind.j <= p.i && p.i < next && p.i < s.j && c.valid == nil {
			c.period = p
			c.valid = w.value(p.i, p.j, p.value, true)
		}
	}
	best := 1 << 30
	for _, d := range w.dated {
		if d.i < s.i || d.i >= s.j || w.inPeriod(d.i) || w.inOccasionName(d.i) && len(d.value) < 10 {
			continue
		}
		if len(d.value) == 4 && !w.bareYear(d) {
			continue
		}
		near := max(d.i-c.act.j, c.act.i-d.j)
		if len(d.value) < 10 {
			near += 30
		}
		if near < best {
			best = near
			c.signed = w.value(d.i, d.j, d.value, d.sure)
		}
	}
	best = 1 << 30
	for _, m := range w.mentions {
		if m.city && s.i <= m.i && m.i < s.j && w.placeAt(m) {
			if near := max(m.i-c.act.j, c.act.i-m.j); near < best {
				best = near
				c.place = w.value(m.i, m.j, m.name, true)
			}
		}
	}
	c.occasion = w.occasionIn(s)
	c.title = w.titleOf(c, s, next)
	for k := s.i; k < s.j; k++ {
		if low := w.tokens[k].low; w.governments[low] && (c.kind.j <= k && k < next || k < c.kind.i && ending(low, "s", "ungen", "ungen", "а", "ами") && len(kinds) < 2 && !(w.lang.Code == "ru" && low == "правительства" && c.kind.i-k > 6)) {
			c.level = "intergovernmental"
		}
	}
	if c.level != "" && len(c.bodies) > 1 {
		c.level = "interagency"
	}
	if c.kind.i > 0 {
		for k := max(s.i, c.kind.i-3); k <= c.kind.i; k++ {
			switch low := w.tokens[k].low; {
			case strings.HasPrefix(low, "межправительственн"), strings.HasPrefix(low, "intergovernmental"), strings.HasPrefix(low, "regierungsabkommen"):
				c.level = "intergovernmental"
			case strings.HasPrefix(low, "межведомственн"), strings.HasPrefix(low, "interagency"), strings.HasPrefix(low, "ressort"):
				c.level = "interagency"
			case strings.HasPrefix(low, "межгосударственн"), strings.HasPrefix(low, "zwischenstaatlich"), strings.HasPrefix(low, "interstate"):
				c.level = "interstate"
			}
		}
	}
}

// bareYear tells whether a year alone says when something was signed: "in 2010".
func (w *reading) bareYear(d dateMention) bool {
	if d.i == 0 {
		return false
	}
	switch w.tokens[d.i-1].low {
	case "in", "im", "jahr", "jahre", "в":
		return true
	}
	return false
}

func (w *reading) inPeriod(i int) bool {
	for _, p := range w.periods {
		if p.i <= i && i < p.j {
			if d, ok := w.dateAt(i); ok && len(d.value) == 10 {
				return strings.HasPrefix(p.value, "../")
			}
			return true
		}
	}
	return false
}

func (w *reading) inOccasionName(i int) bool {
	for _, o := range w.occurred {
		if o.i <= i && i < o.j {
			return true
		}
	}
	return false
}

// placeAt tells whether a town is named as a place: "in Minsk".
func (w *reading) placeAt(m mention) bool {
	if m.i == 0 {
		return false
	}
	switch w.tokens[m.i-1].low {
	case "in", "в", "во", "at", "nach", "near":
		return true
	case "stadt", "hauptstadt", "city", "capital", "городе", "столице":
		return true
	case "of":
		return m.i > 1 && (w.tokens[m.i-2].low == "city" || w.tokens[m.i-2].low == "capital")
	}
	return w.tokens[m.i-1].text == "," && false
}

func (w *reading) occasionIn(s sentence) *Value {
	var best *occasion
	most := -1
	for k := range w.occurred {
		o := &w.occurred[k]
		if o.i < s.i || o.i >= s.j {
			continue
		}
		worth := 0 // a gathering of many tells more than the talks of the sides themselves
		if o.margins {
			worth += 4
		}
		if !o.parties {
			worth += 2
		}
		for i := o.i; i < o.j; i++ {
			if m, ok := w.mentionAt(i); ok && !m.city {
				worth++
				break
			}
		}
		if worth > most {
			best, most = o, worth
		}
	}
	if best == nil {
		return nil
	}
	return w.value(best.name, best.j, w.between2(best.name, best.j), best.margins)
}

// titleOf is the instrument's name as the sentence has it.
func (w *reading) titleOf(c *candidate, s sentence, next int) *Value {
	t := w.tokens
	if c.kind.kind == "" {
		return nil
	}
	i := c.kind.i
	for i > s.i && (w.adjectival(i-1) || w.partyAdjective(i-1) || t[i-1].text == "-" && !t[i-1].space) && !w.qualifiers[t[i-1].low] && !w.articles[t[i-1].low] && !t[i].line {
		i--
	}
	end := min(next, s.j)
	for k := c.kind.j; k < end; k++ {
		if e, n := w.signed.at(t, k); n > 0 && e.label != "event" || t[k].text == ";" || t[k].text == "." || t[k].text == ":" {
			end = k
			break
		}
		if n := len(t); w.lang.Code == "de" && k < n && (t[k].low == "wurde" || t[k].low == "wurden" || t[k].low == "haben" || t[k].low == "hat") ||
			w.lang.Code == "en" && (t[k].low == "was" || t[k].low == "were" || t[k].low == "has" || t[k].low == "have") || w.lang.Code == "ru" && (t[k].low == "был" || t[k].low == "была" || t[k].low == "было" || t[k].low == "были") {
			end = k
			break
		}
		if t[k].text == "," && k+1 < end && !t[k+1].cap && !w.insideBody(k) {
			end = k
			break
		}
		for _, o := range w.occurred {
			if o.i == k {
				end = k
			}
		}
		if k >= end {
			break
		}
		for _, d := range w.dated {
			if d.i == k && len(d.value) == 10 && !w.inPeriod(k) {
				end = k
			}
		}
	}
	for end > c.kind.j && (w.and[t[end-1].low] || w.articles[t[end-1].low] || t[end-1].text == "," || t[end-1].text == "(" || t[end-1].low == "am" || t[end-1].low == "on" || t[end-1].low == "in" || t[end-1].low == "в" || w.qualifiers[t[end-1].low] || t[end-1].text == "»" && t[c.kind.i].text != "«") {
		end--
	}
	return w.value(i, max(end, c.kind.j), w.between2(i, max(end, c.kind.j)), end > c.kind.j)
}

// partiesOf finds the sides of an instrument: named with "between", by adjectives before it, or by who acts in the sentence.
func (w *reading) partiesOf(c *candidate, s sentence, next int) {
	t := w.tokens
	take := func(ms []mention) {
		for _, m := range ms {
			if !slices.Contains(c.codes, m.code) {
				c.codes = append(c.codes, m.code)
			}
			if c.parties[m.code] == nil {
				c.parties[m.code] = w.value(m.i, m.j, m.code, !m.city)
			}
		}
	}
	distinct := func(ms []mention) (n int) {
		var seen []string
		for _, m := range ms {
			if !slices.Contains(seen, m.code) {
				seen = append(seen, m.code)
			}
		}
		return len(seen)
	}
	for k := c.kind.j; k < min(next, s.j); k++ {
		if w.between[t[k].low] {
			if ms := w.after(k+1, s.j); distinct(ms) >= 2 {
				take(ms)
				c.explicit = true
				return
			}
		}
	}
	var before []mention
	for k := c.kind.i - 1; k >= s.i && k > c.kind.i-9; k-- {
		if m, ok := w.mentionOver(k); ok && m.adjective {
			before = append([]mention{m}, before...)
			k = m.i
			continue
		}
		if t[k].text == "-" || w.and[t[k].low] && len(before) > 0 || w.qualifiers[t[k].low] || w.adjectival(k) {
			continue
		}
		break
	}
	if distinct(before) >= 2 {
		take(before)
		c.explicit = true
		return
	}
	var acting, loose, towns []mention
	for _, m := range w.mentions {
		if m.i < s.i || m.i >= s.j {
			continue
		}
		switch {
		case m.city:
			if !w.placeAt(m) && !w.dateline(m.i, s) {
				towns = append(towns, m)
			}
		case w.masked(m.i):
			loose = append(loose, m)
		case w.locative(m), c.kind.j <= m.i && m.i < next && w.topic(c.kind.j, m.i):
			loose = append(loose, m)
		default:
			acting = append(acting, m)
		}
	}
	switch {
	case distinct(acting) >= 2:
		take(acting)
	case distinct(append(slices.Clone(acting), towns...)) == 2:
		take(append(acting, towns...))
	case distinct(append(slices.Clone(acting), loose...)) == 2:
		take(append(acting, loose...))
	default:
		take(acting)
	}
	if s.headline && len(c.codes) == 2 {
		c.explicit = true
	}
}

// after are the parties from a token on that are sides: "between the Ministry … of A and the Council of B on …".
func (w *reading) after(i, end int) (ms []mention) {
	t := w.tokens
	joined := false
	for k := i; k < end; k++ {
		if e, n := w.signed.at(t, k); n > 0 && e.label != "event" {
			break
		}
		if w.and[t[k].low] || t[k].text == "," {
			joined = true
		}
		if t[k].text == ";" || t[k].text == ":" {
			break
		}
		if len(ms) >= 2 && w.topicWord(k) {
			break
		}
		if m, ok := w.mentionAt(k); ok {
			if m.city && !(len(ms) < 2 && !w.placeAt(m)) {
				continue
			}
			if w.locative(m) {
				continue
			}
			if len(ms) >= 2 && k > ms[len(ms)-1].j+6 {
				break
			}
			ms = append(ms, m)
		}
	}
	if !joined {
		return nil
	}
	return ms
}

// topicWord begins what an agreement is about.
func (w *reading) topicWord(i int) bool {
	switch w.tokens[i].low {
	case "on", "about", "concerning", "regarding", "über", "zur", "zum", "о", "об", "по", "in", "im", "в", "für", "for":
		return true
	}
	return false
}

// topic tells whether a mention is part of what an agreement is about.
func (w *reading) topic(i, at int) bool {
	for k := i; k < at; k++ {
		switch w.tokens[k].low {
		case "on", "über", "о", "об":
			return !w.withBefore(k, at)
		case ",", ";", "with", "mit", "с":
			return false
		}
	}
	return false
}

func (w *reading) withBefore(i, at int) bool {
	for k := i; k < at; k++ {
		if w.with[w.tokens[k].low] || w.between[w.tokens[k].low] || w.by[w.tokens[k].low] || w.tokens[k].text == "," {
			return true
		}
		if _, n := w.signed.at(w.tokens, k); n > 0 {
			return true
		}
	}
	return false
}

// locative tells whether a country is named as a place: "in Belarus", "nach Russland".
func (w *reading) locative(m mention) bool {
	if m.adjective || m.i == 0 {
		return false
	}
	k := m.i - 1
	for k > 0 && w.articles[w.tokens[k].low] {
		k--
	}
	switch w.tokens[k].low {
	case "in", "nach", "aus", "в", "во", "из", "to", "visiting", "into", "at":
		return true
	}
	return false
}

// at tells whether a name follows "at": "at the United Nations headquarters".
func (w *reading) at(i int) bool {
	for i > 0 && w.articles[w.tokens[i-1].low] {
		i--
	}
	return i > 0 && w.tokens[i-1].low == "at"
}

func (w *reading) dateline(i int, s sentence) bool { return !s.headline && i < s.i+2 }

// masked tells whether a token is inside of an occasion, or of who only looked on.
func (w *reading) masked(i int) bool {
	for _, o := range w.occurred {
		if o.i <= i && i < o.j {
			return true
		}
	}
	return w.lookingOn(i)
}

// lookingOn tells whether a token is in a phrase of presence: "in the presence of …".
func (w *reading) lookingOn(i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := s.i; k <= i; k++ {
		if e, n := w.presence.at(w.tokens, k); n > 0 && k+n <= i+1 {
			verb := strings.HasSuffix(e.name, "ed") || strings.HasSuffix(e.name, "ten") || strings.HasSuffix(e.name, "te") || strings.HasPrefix(e.name, "присутствовал")
			if verb && n == 1 && w.tokens[k].low != "attended" {
				continue
			}
			ended := false
			for m := k + n; m < i; m++ {
				if w.isVerb(m) || w.tokens[m].text == ";" || w.tokens[m].low == "wurde" || w.tokens[m].low == "wurden" || w.tokens[m].low == "haben" || w.tokens[m].low == "hat" {
					ended = true
					break
				}
			}
			if !ended {
				return true
			}
		}
	}
	return false
}

// bodiesOf finds the bodies that act for the sides.
func (w *reading) bodiesOf(c *candidate, s sentence, next int, kinds []kindMention) {
	give := func(b body) {
		codes := []string{b.party}
		if b.party == "" {
			codes = nil
			if pluralBody(w.tokens[b.i].low, w.lang.Code) && len(c.codes) == 2 {
				codes = c.codes
			}
		} else if pluralBody(w.tokens[b.i].low, w.lang.Code) && len(c.codes) == 2 && slices.Contains(c.codes, b.party) {
			codes = c.codes // "the Security Councils of A and B"
		}
		for _, code := range codes {
			if c.bodies[code] == nil && slices.Contains(c.codes, code) {
				c.bodies[code] = w.value(b.i, b.j, b.name, true)
			}
		}
	}
	within := func(b body) bool {
		return s.i <= b.i && b.i < s.j && !w.masked(b.i) && !w.inOffice(b) && !w.isGovernment(b)
	}
	// share gives bodies to their sides; those of none in particular to the sides that are left, in order.
	share := func(bodies []body) {
		var loose []body
		for _, b := range bodies {
			if b.party == "" && !pluralBody(w.tokens[b.i].low, w.lang.Code) {
				loose = append(loose, b)
				continue
			}
			give(b)
		}
		for _, code := range c.codes {
			if c.bodies[code] == nil && len(loose) > 0 && len(c.codes) == 2 {
				c.bodies[code] = w.value(loose[0].i, loose[0].j, loose[0].name, false)
				loose = loose[1:]
			}
		}
	}
	for k := c.kind.j; k < min(next, s.j); k++ {
		if w.between[w.tokens[k].low] {
			var sides []body
			for _, b := range w.institutions {
				if b.i > k && within(b) && b.i < min(next, w.endOfSides(k, s)) {
					sides = append(sides, b)
				}
			}
			share(sides)
			break
		}
	}
	if len(c.bodies) > 0 {
		return
	}
	first := c.kind.i
	if len(kinds) > 0 {
		first = kinds[0].i
	}
	var acting []body
	for _, b := range w.institutions {
		if within(b) && (b.i < first || c.kind.i <= b.i && b.i < next || len(kinds) < 2) && !w.located(b) && (b.party != "" || pluralBody(w.tokens[b.i].low, w.lang.Code) || len(acting) > 0) {
			acting = append(acting, b)
		}
	}
	share(acting)
}

// endOfSides is where "between A and B" ends.
func (w *reading) endOfSides(k int, s sentence) int {
	for m := k; m < s.j; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return m
		}
		if w.tokens[m].text == ";" {
			return m
		}
	}
	return s.j
}

// located: "in the Ministry of …" is where it happened.
func (w *reading) located(b body) bool {
	k := b.i - 1
	for k > 0 && (w.articles[w.tokens[k].low] || w.partyAdjective(k)) {
		k--
	}
	if k < 0 {
		return false
	}
	switch w.tokens[k].low {
	case "in", "im", "at", "в", "во", "laut", "angaben":
		return true
	}
	return false
}

func (w *reading) isGovernment(b body) bool {
	return w.governments[w.tokens[b.i].low] || b.name == "Government"
}

// inOffice tells whether a body is only part of somebody's office: "Secretary of the Security Council".
func (w *reading) inOffice(b body) bool {
	for _, p := range w.people {
		if p.from <= b.i && b.j <= p.i || p.office != nil && p.office.Start <= w.tokens[b.i].start && w.tokens[b.j-1].end <= p.office.End {
			return true
		}
	}
	for k := b.i - 1; k >= 0 && k >= b.i-4; k-- {
		if _, n := w.offices.at(w.tokens, k); n > 0 && k+n <= b.i && (w.lang.Code != "de" || w.tokens[k].cap) {
			return true
		}
		low := w.tokens[k].low
		if !w.articles[low] && !w.tail[low] && !w.partyWord(k) {
			return false
		}
	}
	return false
}

func other(codes []string, code string) string {
	if len(codes) == 2 {
		if codes[0] == code {
			return codes[1]
		}
		return codes[0]
	}
	return ""
}

func pluralBody(low, language string) bool {
	switch language {
	case "en":
		return strings.HasSuffix(low, "s") || strings.HasSuffix(low, "ies")
	case "de":
		return ending(low, "räte", "räten", "ministerien", "behörden", "banken", "agenturen", "schaften", "kammern", "parlamente", "akademien", "ämter")
	}
	return ending(low, "ы", "ами", "ями", "ов", "ств", "ах")
}

// peopleOf are the persons who sign by a sentence.
func (w *reading) peopleOf(c *candidate, s sentence) {
	var sure, loose []*person
	for k := range w.people {
		p := &w.people[k]
		if p.i < s.i || p.i >= s.j || w.lookingOn(p.i) || w.tells(p, s) {
			continue
		}
		if w.inOccasionName(p.i) {
			continue
		}
		if p.party == "" && p.office == nil && !w.agent(*p) && !s.headline && !w.acting(p, c.act) {
			loose = append(loose, p)
			continue
		}
		sure = append(sure, p)
	}
	if len(sure) == 0 {
		sure = loose
	}
	if c.kind.kind == "" && (c.act.label == "event" || slices.ContainsFunc(w.occurred, func(o occasion) bool { return o.parties && s.i <= o.i && o.i < s.j })) {
		return // those who met or looked on when documents were signed
	}
	c.people = sure
}

// acting tells whether a person stands with another right by the verb.
func (w *reading) acting(p *person, a act) bool { return max(p.i-a.j, a.i-p.j) < 12 }

// tells tells of a person that they only say something.
func (w *reading) tells(p *person, s sentence) bool {
	said := w.said
	near := func(i, j int) bool {
		for k := max(i, s.i); k < j && k < s.j; k++ {
			if _, n := said.at(w.tokens, k); n > 0 {
				return true
			}
		}
		return false
	}
	if near(p.from-4, p.from) || near(p.j, p.j+3) {
		return !near2(w, p, s)
	}
	return false
}

// near2 tells whether a verb of signing stands nearer than one of saying.
func near2(w *reading, p *person, s sentence) bool {
	for k := p.j; k < p.j+3 && k < s.j; k++ {
		if w.isVerb(k) {
			return true
		}
	}
	return false
}

// merge joins what several sentences say of the same instrument.
func (w *reading) merge(found []*candidate) (list []*candidate) {
	var groups, references []*candidate
	for _, c := range found {
		switch {
		case c.kind.kind == "":
			references = append(references, c)
		case c.kind.plural && c.valid == nil && !(c.explicit && !c.headline && c.kind.count == 0 && len(found) == 1):
			groups = append(groups, c)
		default:
			list = append(list, c)
		}
	}
	var merged []*candidate
	for _, c := range list {
		if k := slices.IndexFunc(merged, func(o *candidate) bool { return w.same(o, c) }); k >= 0 {
			w.join(merged[k], c)
		} else {
			merged = append(merged, c)
		}
	}
	// A headline's "deal" is one of those below it.
	if len(merged) > 1 && merged[0].headline {
		head := merged[0]
		for _, o := range merged[1:] {
			if !o.headline && w.overlap(head.codes, o.codes) && !(head.valid != nil && o.valid != nil && head.valid.Value != o.valid.Value && head.valid.Value != "") {
				w.join(o, head)
				merged = merged[1:]
				break
			}
		}
	}
	if len(merged) == 0 {
		for _, c := range groups {
			if len(merged) == 0 {
				merged = append(merged, c)
			} else {
				w.join(merged[0], c)
			}
		}
		if len(merged) == 1 && merged[0].kind.count > 1 && merged[0].kind.count < 4 {
			for range merged[0].kind.count - 1 {
				again := *merged[0]
				merged = append(merged, &again)
			}
		}
	} else {
		for _, c := range groups {
			for _, m := range merged {
				if len(m.codes) < 2 || w.overlap(m.codes, c.codes) {
					w.fill(m, c)
				}
			}
		}
	}
	if len(merged) == 0 {
		for _, c := range references {
			if len(merged) == 0 {
				merged = append(merged, c)
			} else {
				w.join(merged[0], c)
			}
		}
		return merged
	}
	for _, r := range references {
		for n := len(merged) - 1; n >= 0; n-- {
			m := merged[n]
			if m.sentence <= r.sentence && (len(r.codes) == 0 || len(m.codes) == 0 || w.overlap(m.codes, r.codes)) || n == 0 {
				w.join(m, r)
				if r.kind.plural {
					continue
				}
				break
			}
		}
	}
	return merged
}

// loosely tells of a kind whose word is used for any instrument.
func loosely(kind string) bool { return kind == "agreement" || kind == "treaty" }

func (w *reading) overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	small, large := a, b
	if len(a) > len(b) {
		small, large = b, a
	}
	for _, code := range small {
		if !slices.Contains(large, code) {
			return false
		}
	}
	return true
}

// same tells whether two candidates are one instrument.
func (w *reading) same(a, b *candidate) bool {
	if b.kind.another || a.sentence == b.sentence {
		return false
	}
	if a.kind.kind != b.kind.kind && !(a.headline && loosely(a.kind.kind)) && !(loosely(b.kind.kind) && loosely(a.kind.kind) && !w.indefinite(b) && len(w.subject(b)) == 0) {
		return false
	}
	if !w.overlap(a.codes, b.codes) {
		return false
	}
	if a.valid != nil && b.valid != nil && a.valid.Value != "" && b.valid.Value != "" && a.valid.Value != b.valid.Value {
		return false
	}
	if len(a.bodies) > 0 && len(b.bodies) > 0 && !a.headline && !b.headline {
		for code, body := range a.bodies {
			if o := b.bodies[code]; o != nil && !alike(o.Value, body.Value) {
				return false
			}
		}
	}
	x, y := w.subject(a), w.subject(b)
	if !a.headline && w.indefinite(b) && len(b.bodies) > 0 && len(y) == 0 {
		return false // "a corresponding agreement was signed by the Ministry …"
	}
	if len(x) > 0 && len(y) > 0 {
		common := 0
		for _, word := range x {
			if slices.Contains(y, word) {
				common++
			}
		}
		return 2*common >= min(len(x), len(y)) || a.headline && common > 0 || a.headline && w.onlyOne(a)
	}
	if len(y) > 0 && len(x) == 0 && !a.headline && w.indefinite(b) && w.indefinite(a) {
		return false
	}
	return true
}

// onlyOne tells of a headline that names one instrument.
func (w *reading) onlyOne(a *candidate) bool { return !a.kind.plural }

// indefinite tells whether an instrument is named as a new one: "a memorandum".
func (w *reading) indefinite(c *candidate) bool {
	for k := c.kind.i - 1; k >= 0 && k >= c.kind.i-4; k-- {
		switch w.tokens[k].low {
		case "a", "an", "ein", "eine", "einen":
			return true
		case "the", "das", "die", "der", "den", "dem", "this":
			return false
		}
	}
	return false
}

func alike(a, b string) bool {
	x, y := strings.Fields(strings.ToLower(a)), strings.Fields(strings.ToLower(b))
	for _, word := range x {
		if slices.Contains(y, word) && len(word) > 4 {
			return true
		}
	}
	return false
}

// subject are the words of a title that say what it is about.
func (w *reading) subject(c *candidate) (stems []string) {
	if c.title == nil {
		return nil
	}
	i := c.kind.j
	for ; i < len(w.tokens) && w.tokens[i].end <= c.title.End; i++ {
		t := w.tokens[i]
		if !t.word || len([]rune(t.low)) < 4 || w.partyWord(i) || w.articles[t.low] || w.between[t.low] || slices.Contains(w.lang.Stop, t.low) || w.insideBody(i) || w.years[t.low] || w.governments[t.low] || w.qualifiers[t.low] {
			continue
		}
		stem := []rune(t.low)
		if strings.HasPrefix(t.low, "cooperat") || strings.HasPrefix(t.low, "co") && strings.HasPrefix(t.low, "co-operat") || strings.HasPrefix(t.low, "сотруднич") || strings.HasPrefix(t.low, "zusammenarbeit") || strings.HasPrefix(t.low, "kooperation") || strings.HasPrefix(t.low, "bilateral") || strings.HasPrefix(t.low, "област") || strings.HasPrefix(t.low, "сфер") || strings.HasPrefix(t.low, "field") || strings.HasPrefix(t.low, "bereich") || strings.HasPrefix(t.low, "boost") || strings.HasPrefix(t.low, "стран") || strings.HasPrefix(t.low, "länder") || strings.HasPrefix(t.low, "countr") || strings.HasPrefix(t.low, "area") {
			continue
		}
		if len(stem) > 5 {
			stem = stem[:5]
		}
		stems = append(stems, string(stem))
	}
	return stems
}

// join adds what b says to a; the text's word counts for more than its headline's.
func (w *reading) join(a, b *candidate) {
	if a.headline && !b.headline {
		if b.kind.kind != "" {
			a.kind = b.kind
		}
		if b.title != nil && b.kind.kind != "" {
			a.title = b.title
		}
		a.sentence, a.headline, a.act = b.sentence, false, b.act
		for code, v := range b.parties {
			a.parties[code] = v
		}
		if b.explicit || len(a.codes) < 2 && len(b.codes) >= len(a.codes) || len(a.codes) == len(b.codes) && w.overlap(a.codes, b.codes) {
			a.codes, a.explicit = b.codes, a.explicit || b.explicit
		}
		for code, v := range b.bodies {
			a.bodies[code] = v
		}
	} else if b.kind.kind != "" && !b.headline && loosely(a.kind.kind) && !loosely(b.kind.kind) {
		a.kind, a.title = b.kind, b.title
	}
	w.fill(a, b)
	for _, p := range b.people {
		if !slices.ContainsFunc(a.people, func(o *person) bool { return samePerson(o.name, p.name) }) {
			a.people = append(a.people, p)
		}
	}
	if b.explicit && !a.explicit {
		a.codes, a.explicit = b.codes, true
	}
}

func samePerson(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	return a == b || len(x) > 0 && len(y) > 0 && stemOf(x[len(x)-1]) == stemOf(y[len(y)-1])
}

// fill gives a what it lacks and b has.
func (w *reading) fill(a, b *candidate) {
	if a.parties == nil {
		a.parties = map[string]*Value{}
	}
	for code, v := range b.parties {
		if a.parties[code] == nil {
			a.parties[code] = v
		}
	}
	if len(a.codes) < 2 {
		for _, code := range b.codes {
			if !slices.Contains(a.codes, code) {
				a.codes = append(a.codes, code)
			}
		}
	}
	for code, v := range b.bodies {
		if a.bodies[code] == nil {
			a.bodies[code] = v
		}
	}
	if a.signed == nil || b.signed != nil && len(a.signed.Value) < len(b.signed.Value) && strings.HasPrefix(b.signed.Value, a.signed.Value) {
		if b.signed != nil {
			a.signed = b.signed
		}
	}
	if a.place == nil {
		a.place = b.place
	}
	if a.valid == nil || a.valid.Value == "" && b.valid != nil {
		a.valid, a.period = b.valid, b.period
	}
	if a.occasion == nil || b.occasion != nil && b.occasion.Sure && !a.occasion.Sure {
		if b.occasion != nil {
			a.occasion = b.occasion
		}
	}
	if a.level == "" {
		a.level = b.level
	}
}

// instrument makes the reading of a candidate whole from the rest of the text; not one without two sides.
func (w *reading) instrument(c *candidate) (Instrument, bool) {
	if len(c.codes) < 2 {
		w.sidesElsewhere(c)
	}
	if len(c.codes) < 2 && !(len(c.codes) == 1 && len(c.codes[0]) > 4 || len(c.codes) == 1 && slices.Contains([]string{"CIS", "EAEU", "CSTO", "SCO", "ASEAN", "BRICS", "GCC"}, c.codes[0])) {
		return Instrument{}, false // an organisation alone stands for its members
	}
	if !c.explicit && len(c.codes) > 2 {
		w.narrow(c)
	}
	kind, sure := c.kind.kind, true
	if kind == "" {
		kind, sure = "other", false
	}
	in := Instrument{Kind: *w.value(c.kind.i, c.kind.j, kind, sure && !(c.headline && loosely(kind))), Title: c.title}
	for _, code := range c.codes {
		v := c.parties[code]
		if v == nil {
			continue
		}
		in.Parties = append(in.Parties, PartyValue{*v, c.bodies[code]})
	}
	w.signatories(c, &in)
	w.when(c, &in)
	w.where(c, &in)
	in.Valid = c.valid
	if c.valid != nil && c.period.years > 0 && c.valid.Value == "" {
		v := *c.valid
		in.Valid = nil
		if in.Signed != nil && len(in.Signed.Value) == 10 {
			if day, err := time.Parse(time.DateOnly, in.Signed.Value); err == nil {
				v.Value, v.Sure = in.Signed.Value+"/"+day.AddDate(c.period.years, 0, -1).Format(time.DateOnly), false
				in.Valid = &v
			}
		} else if in.Signed != nil && len(in.Signed.Value) == 4 {
			var year int
			if _, err := fmt.Sscan(in.Signed.Value, &year); err == nil {
				v.Value, v.Sure = fmt.Sprintf("%d/%d", year, year+c.period.years), false
				in.Valid = &v
			}
		}
	}
	in.Occasion = c.occasion
	if in.Occasion == nil || !in.Occasion.Sure {
		for k := range w.sentences {
			if o := w.occasionIn(w.sentences[k]); o != nil && (o.Sure && k <= c.sentence+2 || in.Occasion == nil && k >= c.sentence-1 && k <= c.sentence+1) {
				in.Occasion = o
				if o.Sure {
					break
				}
			}
		}
	}
	level := c.level
	switch {
	case level != "":
	case len(c.bodies) > 0:
		level = "interagency"
	case w.headsOfState(c):
		level = "interstate"
	}
	if level != "" {
		in.Level = &Value{Value: level, Span: in.Kind.Span, Sentence: in.Kind.Sentence, Sure: c.level != "" || len(c.bodies) > 1}
	}
	w.olderOnes(c, &in)
	return in, true
}

func (w *reading) headsOfState(c *candidate) bool {
	for _, p := range c.people {
		if p.office != nil {
			low := strings.ToLower(p.office.Value)
			if strings.HasPrefix(low, "president") || strings.HasPrefix(low, "präsident") || strings.HasPrefix(low, "президент") || strings.HasPrefix(low, "king") || strings.HasPrefix(low, "staatspräsident") {
				return true
			}
		}
	}
	return false
}

// sidesElsewhere takes the sides from the headline and the sentences before.
func (w *reading) sidesElsewhere(c *candidate) {
	add := func(s sentence, all bool) bool {
		var ms []mention
		for _, m := range w.mentions {
			if s.i <= m.i && m.i < s.j && (all && !m.city && !w.at(m.i) || !w.masked(m.i) && !(m.city && (w.placeAt(m) || w.dateline(m.i, s))) && !w.locative(m)) {
				ms = append(ms, m)
			}
		}
		var codes []string
		for _, pass := range []bool{false, true} {
			for _, m := range ms {
				if m.city == pass && !slices.Contains(codes, m.code) && (!pass || len(codes) < 2) {
					codes = append(codes, m.code)
				}
			}
		}
		both := slices.Clone(c.codes)
		for _, code := range codes {
			if !slices.Contains(both, code) {
				both = append(both, code)
			}
		}
		if len(both) != 2 && len(codes) != 2 {
			return false
		}
		if len(both) != 2 {
			both = codes
		}
		for _, m := range ms {
			if c.parties[m.code] == nil {
				c.parties[m.code] = w.value(m.i, m.j, m.code, false)
			}
		}
		c.codes = both
		return true
	}
	for _, all := range []bool{false, true} {
		for k := c.sentence; k >= 0 && k >= c.sentence-2; k-- {
			if add(w.sentences[k], all) {
				return
			}
		}
		for k := 0; k < len(w.sentences) && k < 4; k++ {
			if add(w.sentences[k], all) {
				return
			}
		}
	}
	// The sides of those who sign.
	for _, p := range c.people {
		if p.party != "" && !slices.Contains(c.codes, p.party) {
			c.codes = append(c.codes, p.party)
			c.parties[p.party] = w.value(p.i, p.j, p.party, false)
		}
	}
}

// narrow leaves of more than two loosely named sides those that the headline or the signatories name.
func (w *reading) narrow(c *candidate) {
	var signing []string
	for _, p := range c.people {
		if p.party != "" && !slices.Contains(signing, p.party) && slices.Contains(c.codes, p.party) {
			signing = append(signing, p.party)
		}
	}
	if len(signing) == 2 {
		c.codes = signing
		return
	}
	if len(c.bodies) == 2 {
		var acting []string
		for _, code := range c.codes {
			if c.bodies[code] != nil {
				acting = append(acting, code)
			}
		}
		if len(acting) == 2 {
			c.codes = acting
			return
		}
	}
	if len(w.sentences) > 0 && w.sentences[0].headline {
		var named []string
		for _, m := range w.mentions {
			if m.i < w.sentences[0].j && slices.Contains(c.codes, m.code) && !slices.Contains(named, m.code) && !w.masked(m.i) {
				named = append(named, m.code)
			}
		}
		if len(named) >= 2 {
			c.codes = named
		}
	}
}

// signatories gives each person the side signed for.
func (w *reading) signatories(c *candidate, in *Instrument) {
	people := c.people
	taken := map[string]bool{}
	for _, p := range people {
		if p.party != "" && slices.Contains(c.codes, p.party) {
			taken[p.party] = true
		}
	}
	for _, p := range people {
		party := p.party
		sure := party != ""
		if party == "" || !slices.Contains(c.codes, party) {
			if party != "" && len(c.codes) >= 2 {
				continue // of neither side
			}
			for _, code := range c.codes { // a counterpart is of the side that is left
				if !taken[code] {
					party = code
					break
				}
			}
			if party == "" {
				continue
			}
			taken[party] = true
		}
		v := SignatoryValue{Value: *w.value(p.i, p.j, p.name, sure), Party: party, Office: p.office}
		if slices.ContainsFunc(in.Signatories, func(o SignatoryValue) bool { return samePerson(o.Value.Value, p.name) }) {
			continue
		}
		in.Signatories = append(in.Signatories, v)
	}
}

// when finds the day of signature: in the sentence, in others that tell of the signing, in the dateline.
func (w *reading) when(c *candidate, in *Instrument) {
	in.Signed = c.signed
	if in.Signed != nil && len(in.Signed.Value) == 10 {
		return
	}
	if in.Signed != nil && w.published.known() && !strings.HasPrefix(w.published.text, in.Signed.Value) {
		return // "in 1992": not the day of the report
	}
	for k, s := range w.sentences {
		if k > c.sentence+2 {
			break
		}
		if k != c.sentence && len(w.acts(k)) == 0 && k > 2 {
			continue
		}
		for _, d := range w.dated {
			if s.i <= d.i && d.i < s.j && len(d.value) == 10 && !w.inPeriod(d.i) {
				if day, err := time.Parse(time.DateOnly, d.value); err == nil && w.published.full && w.published.day.Sub(day) > 45*24*time.Hour {
					continue
				}
				in.Signed = w.value(d.i, d.j, d.value, false)
				return
			}
		}
	}
	if in.Signed == nil && w.published.known() {
		v := in.Kind
		v.Value, v.Sure = w.published.text, false
		if s, ok := w.head["date"]; ok {
			v.Span, v.Sentence = s, s
		}
		in.Signed = &v
	}
}

// where finds the place: in the sentence, in others near it, in the dateline.
func (w *reading) where(c *candidate, in *Instrument) {
	in.Place = c.place
	if in.Place != nil {
		return
	}
	order := []int{}
	for d := 0; d < len(w.sentences); d++ {
		for _, k := range []int{c.sentence + d, c.sentence - d} {
			if k >= 0 && k < len(w.sentences) && !slices.Contains(order, k) && d <= 3 {
				order = append(order, k)
			}
		}
	}
	for _, k := range order {
		s := w.sentences[k]
		for _, m := range w.mentions {
			if m.city && s.i <= m.i && m.i < s.j && w.placeAt(m) {
				in.Place = w.value(m.i, m.j, m.name, false)
				return
			}
		}
	}
	for _, m := range w.mentions {
		if s := w.sentences[w.sentenceOf(m.i)]; m.city && w.dateline(m.i, s) {
			in.Place = w.value(m.i, m.j, m.name, false)
			return
		}
	}
}

// olderOnes are instruments of the same kind that the text says came before.
func (w *reading) olderOnes(c *candidate, in *Instrument) {
	for _, m := range w.instruments {
		if m.kind == "" || m.i == c.kind.i || m.kind != c.kind.kind && !loosely(m.kind) {
			continue
		}
		s := w.sentences[w.sentenceOf(m.i)]
		for _, p := range w.periods {
			if m.j <= p.i && p.i < s.j && p.i < m.j+8 && c.valid != nil && p.value != "" && p.value < c.valid.Value && len(p.value) == len(c.valid.Value) {
				v := w.value(m.i, p.j, w.between2(m.i, p.j), true)
				if !slices.ContainsFunc(in.Earlier, func(o Value) bool { return o.Value == v.Value }) {
					in.Earlier = append(in.Earlier, *v)
				}
				break
			}
		}
	}
}

// Level codes are those of models.Levels; the compiler sees to it that the package stays there.
var _ = models.Levels
