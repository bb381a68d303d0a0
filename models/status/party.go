package status

import (
	"slices"

	"chancery/models/edtf"
)

// A standing is where a party's own acts put it.
type standing int

const (
	outside standing = iota // has neither signed nor joined
	signing                 // has signed, or consented, and is not bound yet
	bound
	gone // has left
)

// A mark is the day from which a party stands somewhere.
type mark struct {
	day     edtf.Day
	at      standing
	because []Reason
}

// A bond is what one reading says of one party.
type bond struct {
	*whole
	party       *Party
	marks       []mark // in order of their days
	byActs      bool   // its own acts say where it stands
	original    bool
	provisional []applied
	suspended   []applied
	notInForce  edtf.Day
	notBy       []Reason
}

// bond reads one party's place in the whole.
func (w *whole) bond(p *Party) *bond {
	b := &bond{whole: w, party: p, original: w.record.original(p)}
	first, _ := w.firstBond(p.Code)
	b.byActs = first >= 0
	b.findMarks()
	for i := range w.own[p.Code] {
		a := &w.Acts[w.own[p.Code][i]]
		if a.Type.Effect() == NotInForce {
			if day := w.date(w.own[p.Code][i]); day > b.notInForce {
				b.notInForce, b.notBy = day, because(Reason{StatedNotInForce, actFact(w.own[p.Code][i]), day})
			}
		}
	}
	b.provisional = w.stretchesOf(p.Code, Applies, StopsApplying)
	b.suspended = w.stretchesOf(p.Code, Suspends, Resumes)
	return b
}

// stretchesOf are a party's own, where it has such acts at all.
func (r *reading) stretchesOf(code string, begins, ends Effect) []applied {
	for _, i := range r.own[code] {
		if r.Acts[i].Type.Effect() == begins {
			return r.stretches(code, begins, ends)
		}
	}
	return nil
}

// findMarks follows a party's acts in order.
func (b *bond) findMarks() {
	if b.original {
		b.marks = append(b.marks, mark{b.concluded, signing, notYet(b.conclusion, SignedThen)})
	} else if existed := b.party.ExistedFrom; existed > b.concluded && !b.dates() {
		b.marks = append(b.marks, mark{existed, signing, because(Reason{NotYetExisting, partyFact(b.party.Code), existed})})
	}
	ownSignature := false
	entered := b.entries()
	day := edtf.Day("")
	for n, i := range b.own[b.party.Code] {
		day = max(day, b.date(i)) // however dates are read, the acts follow each other
		switch b.Acts[i].Type.Effect() {
		case Signs:
			if !ownSignature && !b.bindsBefore(n) {
				b.marks = nil // its own signature, not the agreement's date
			}
			ownSignature = true
			b.add(day, signing, Reason{SignedThen, actFact(i), day})
		case Consents, Joins:
			b.consent(i, day, entered[i])
		case Begins:
			from, _ := b.effect(i)
			b.add(b.notBeforeWhole(from), bound, Reason{Entered, actFact(i), from})
		case Leaves, Ends:
			from, rule := b.effect(i)
			if from < day && !b.Acts[i].Effective.Known() {
				from = day
			}
			b.undo(from)
			b.add(from, gone, Reason{rule, actFact(i), from})
		case UndoesSignature:
			b.undo(day)
			b.add(day, outside, Reason{SignatureUndone, actFact(i), day})
		case UndoesConsent:
			b.undo(day)
			b.add(day, signing, Reason{ConsentUndone, actFact(i), day})
		}
	}
	slices.SortStableFunc(b.marks, func(x, y mark) int {
		switch {
		case x.day < y.day:
			return -1
		case x.day > y.day:
			return 1
		}
		return 0
	})
}

// dates tells whether an act of the party says when it signed or was bound.
func (b *bond) dates() bool {
	return slices.ContainsFunc(b.own[b.party.Code], func(i int) bool {
		switch b.Acts[i].Type.Effect() {
		case Signs, Consents, Joins, Begins:
			return true
		}
		return false
	})
}

// bindsBefore tells whether one of a party's first n acts binds it.
func (b *bond) bindsBefore(n int) bool {
	return slices.ContainsFunc(b.own[b.party.Code][:n], func(i int) bool {
		effect := b.Acts[i].Type.Effect()
		return effect == Consents || effect == Joins || effect == Begins
	})
}

// entries says of which consents the party's own entry into force is recorded: it
// then binds from that day.
func (b *bond) entries() map[int]bool {
	entered := map[int]bool{}
	var pending []int
	for _, i := range b.own[b.party.Code] {
		switch b.Acts[i].Type.Effect() {
		case Consents, Joins:
			pending = append(pending, i)
		case Begins:
			for _, c := range pending {
				entered[c] = true
			}
			pending = nil
		case Leaves:
			pending = nil
		}
	}
	return entered
}

// add marks where a party stands from a day on.
func (b *bond) add(day edtf.Day, at standing, reasons ...Reason) {
	b.marks = append(b.marks, mark{day, at, reasons})
}

// undo takes back what earlier acts would have done from a day on: who leaves before
// it is bound never is.
func (b *bond) undo(day edtf.Day) {
	b.marks = slices.DeleteFunc(b.marks, func(m mark) bool { return m.day >= day })
}

// notBeforeWhole is the day, or that of the whole's beginning where it is later.
func (b *bond) notBeforeWhole(day edtf.Day) edtf.Day { return max(day, b.began) }

// consent marks from when a party has consented and from when that binds it: from
// its effective date, or else the later of its date and the beginning of the whole;
// a succession from the day on which its state began, where the agreement was in
// force then (Vienna Convention on Succession of States in respect of Treaties,
// article 23).
func (b *bond) consent(i int, day edtf.Day, entered bool) {
	a := &b.Acts[i]
	reason := Reason{ConsentGiven, actFact(i), day}
	from := day
	if a.Effective.Known() {
		from = b.on(i, a.Effective)
	} else if existed := b.party.ExistedFrom; a.Type == SuccessionAct && existed != "" && existed < day &&
		b.began != "" && b.began <= existed {
		from = existed
	}
	if a.Type == SuccessionAct {
		reason.Rule = SucceededThen
	}
	if day < from || from == day || entered {
		b.add(day, signing, reason)
	}
	if entered {
		return
	}
	reason.Day = from
	reasons := because(reason)
	if b.began != "" && from <= b.began {
		reasons = append(reasons, b.beginning...)
	}
	b.add(b.notBeforeWhole(from), bound, reasons...)
}

// turningDays are the days on which a party's place can change.
func (b *bond) turningDays() (days []edtf.Day) {
	for _, s := range b.spells {
		days = append(days, s.From)
	}
	for _, m := range b.marks {
		days = append(days, m.day)
	}
	for _, list := range [][]applied{b.provisional, b.suspended} {
		for _, a := range list {
			days = append(days, a.from, a.until)
		}
	}
	if b.notInForce != "" {
		days = append(days, b.notInForce.Add(1))
	}
	days = append(days, b.began)
	if b.party.ExistedUntil != "" {
		days = append(days, b.party.ExistedUntil.Add(1))
	}
	return days
}

// at is where a party stands on a day: where its own acts put it, and never better
// than the whole.
func (b *bond) at(day edtf.Day) finding {
	of := At(b.spells, day)
	own := b.ownAt(day)
	switch {
	case own.Status > of.Status:
		return own
	case own.Status < of.Status || own.because == nil:
		return finding{of.Status, of.Because}
	}
	return own
}

// ownAt is where a party's own acts put it on a day, whatever the whole does; in
// force without reasons of its own is where the whole stands.
func (b *bond) ownAt(day edtf.Day) finding {
	if until := b.party.ExistedUntil; until != "" && day > until {
		return finding{Terminated, because(Reason{CeasedToExist, partyFact(b.party.Code), until.Add(1)})}
	}
	var last mark
	for _, m := range b.marks {
		if m.day > day {
			break
		}
		if m.at == signing && last.at == bound && len(m.because) > 0 && m.because[0].Rule != ConsentUndone {
			continue // a further signature or consent takes nothing away
		}
		last = m
	}
	found := b.standingAt(day, last)
	if found.Status > Provisional && found.Status < Proposed {
		if a := covering(b.provisional, day); a != nil {
			found = finding{Provisional, a.because}
		}
	}
	if found.Status < Suspended {
		if s := covering(b.suspended, day); s != nil {
			return finding{Suspended, s.because}
		}
	}
	return found
}

// standingAt reads a party's last mark.
func (b *bond) standingAt(day edtf.Day, last mark) finding {
	switch {
	case last.day == "":
		return finding{Proposed, b.notJoined()}
	case last.at == outside:
		return finding{Proposed, last.because}
	case last.at == gone:
		return finding{Terminated, last.because}
	case last.at == bound && b.began == "":
		if forAll, _ := b.provisionally(day); forAll != nil {
			return finding{Provisional, forAll.because}
		}
		return finding{Unknown, append(slices.Clone(last.because), b.conclusion...)}
	case last.at == bound:
		return finding{InForce, last.because}
	case len(last.because) > 0 && last.because[0].Rule == ConsentUndone:
		return finding{Signed, last.because}
	case b.party.Role == RoleSignatory && !b.byActs:
		return finding{Signed, append(because(Reason{OnlySigned, "participations/" + b.party.Code, ""}), last.because...)}
	case b.notInForce != "" && day <= b.notInForce:
		return finding{Signed, b.notBy}
	}
	return b.signedAt(day, last)
}

// notJoined says why a party has no part in the agreement yet: its first act is
// still to come.
func (b *bond) notJoined() []Reason {
	if len(b.marks) > 0 {
		return notYet(b.marks[0].because, NotJoinedYet)
	}
	return b.conclusion
}
