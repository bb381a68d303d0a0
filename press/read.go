package press

// read reads the report; on is its day, where that is known.
func (w *reading) read(on string) Draft {
	draft := Draft{Language: w.lang.Code, Instruments: []Instrument{}}
	if on == "" {
		if s, ok := w.head["date"]; ok {
			on = w.text[s.Start:s.End]
		}
	}
	w.split()
	if on == "" {
		on = w.dateLine
	}
	w.published = publishedOn(on)
	if !w.published.full {
		w.fromDateline()
	}
	w.mark()
	w.ofReport(&draft)
	draft.Instruments = append(draft.Instruments, w.signedOnes()...)
	return draft
}

// ofReport reads what is known of the report itself.
func (w *reading) ofReport(draft *Draft) {
	at := func(s Span) *Value { return &Value{Value: w.text[s.Start:s.End], Span: s, Sentence: s, Sure: true} }
	if s, ok := w.head["url"]; ok {
		draft.URL = w.text[s.Start:s.End]
	}
	if len(w.sentences) > 0 && w.sentences[0].headline && w.sentences[0].j > 0 {
		s := w.sentences[0]
		draft.Headline = w.value(s.i, s.j, w.words(s.i, s.j), true)
	}
	if s, ok := w.head["date"]; ok {
		draft.Published = at(s)
	} else {
		draft.Published = w.publishedValue()
	}
	if s, ok := w.head["publisher"]; ok {
		draft.Publisher = at(s)
		return
	}
	draft.Publisher = w.agency()
}

// mark finds what stands in the text by the lists of words.
func (w *reading) mark() {
	t := w.tokens
	w.dates()
	w.findPeriods()
	for i := 0; i < len(t); {
		if !t[i].word && !t[i].number {
			i++
			continue
		}
		n := 1
		if e, k := w.tools.parties.at(t, i); k > 0 && w.named(e, i, k) {
			w.mentions = append(w.mentions, mention{i: w.styled(i, e), j: i + k, code: e.label, adjective: e.name == adjective,
				name: e.name})
			n = k
		} else if e, k := w.cities.at(t, i); k > 0 && t[i].cap && !w.forename(i, k) {
			w.mentions = append(w.mentions, mention{i: i, j: i + k, code: e.label, city: true, name: e.name})
			n = k
		}
		i += n
	}
	for i := 0; i < len(t); {
		e, n := w.kinds.at(t, i)
		g, m := w.generic.at(t, i)
		switch {
		case n > 0 && w.isKind(i, n):
			w.instruments = append(w.instruments, w.kindAt(i, n, e))
		case m > 0:
			n = m
			w.instruments = append(w.instruments, w.kindAt(i, n, entry{name: g.name}))
		default:
			n = 1
		}
		i += n
	}
	w.findBodies()
	w.findOccasions()
	w.findPeople()
	for k := range w.institutions {
		w.institutions[k].office = w.inOffice(w.institutions[k])
	}
}
