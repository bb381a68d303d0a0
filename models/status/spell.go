package status

import (
	"slices"
	"strings"

	"chancery/models/edtf"
)

// A Spell is a stretch of days over which a status does not change, with what it
// follows from. Both days are included; the last of a spell without an end is
// edtf.LastDay.
type Spell struct {
	From, Until edtf.Day
	State
	Because []Reason
}

// A Reason is a rule and the fact that it was applied to.
type Reason struct {
	Rule Rule     `json:"rule"`
	Fact string   `json:"fact"`          // its place in the record, such as acts[2]
	Day  edtf.Day `json:"day,omitempty"` // on which the fact tells, where it is one of a day
}

// A Rule names the rule that a status follows from.
type Rule string

// The rules by which a status is found; each has its words, because.RULE.
const (
	NotConcluded        Rule = "not-concluded"       // before the agreement was concluded
	ConcludedThen       Rule = "concluded"           // and nothing says whether it has begun
	Undated             Rule = "undated"             // when it was concluded is not recorded
	BeginsLater         Rule = "begins-later"        // a later beginning is recorded
	StatedNotInForce    Rule = "stated-not-in-force" // on that day or a later one
	ChartComplete       Rule = "chart-complete"      // and says nothing of a beginning, or of a consent
	ConsentToCome       Rule = "consent-to-come"     // nothing binds before consent
	Entered             Rule = "entry-into-force"    //
	PeriodBegan         Rule = "period"              // the beginning of a period
	EffectOnSignature   Rule = "effect-on-signature" //
	AppliedProvisional  Rule = "provisional"         //
	ProvisionalEnded    Rule = "provisional-ended"   // without an entry into force
	SuspendedThen       Rule = "suspended"           //
	PeriodEnded         Rule = "period-ended"        //
	ExtendedOpen        Rule = "extended-open"       // until when is not recorded
	ExtendedUntil       Rule = "extended"            //
	Ended               Rule = "terminated"          //
	Left                Rule = "left"                // with a date of effect recorded
	LeftByTerm          Rule = "left-by-term"        // at the end of the term for which notice was in time
	LeftByNotice        Rule = "left-by-notice"      // as many months after as the notice takes
	LeftByLaw           Rule = "left-by-law"         // twelve months after (VCLT article 56(2))
	FewerThanTwo        Rule = "fewer-than-two"      // parties are still bound
	ReplacedBy          Rule = "replaced-by"         //
	TerminatedBy        Rule = "terminated-by"       //
	EndedWith           Rule = "ended-with"          // another agreement
	CeasedToExist       Rule = "ceased-to-exist"     //
	NotYetExisting      Rule = "not-yet-existing"    // a party, when the agreement was concluded
	EndUnreadable       Rule = "end-unread"          // a date in the source could not be read
	SignedThen          Rule = "signed"              //
	OnlySigned          Rule = "only-signed"         // a signatory
	NotJoinedYet        Rule = "not-joined-yet"      //
	ConsentGiven        Rule = "consent"             //
	NoConsentRecorded   Rule = "no-consent-recorded" // while that of others is
	GuarantorUnrecorded Rule = "guarantor"           // whether it is bound is not recorded
	SignatureUndone     Rule = "signature-undone"    //
	ConsentUndone       Rule = "consent-undone"      //
	SucceededThen       Rule = "succession"          //
	ContinuedFrom       Rule = "continues"           // the bonds of a party that it is the same legal person as
)

// Rules lists every rule.
var Rules = []Rule{NotConcluded, ConcludedThen, Undated, BeginsLater, StatedNotInForce, ChartComplete, ConsentToCome, Entered,
	PeriodBegan, EffectOnSignature, AppliedProvisional, ProvisionalEnded, SuspendedThen, PeriodEnded, ExtendedOpen,
	ExtendedUntil, Ended, Left, LeftByTerm, LeftByNotice, LeftByLaw, FewerThanTwo, ReplacedBy, TerminatedBy, EndedWith,
	CeasedToExist, NotYetExisting, EndUnreadable, SignedThen, OnlySigned, NotJoinedYet, ConsentGiven, NoConsentRecorded,
	GuarantorUnrecorded, SignatureUndone, ConsentUndone, SucceededThen, ContinuedFrom}

// At is the spell that covers a day. Before the first it is proposed.
func At(spells []Spell, on edtf.Day) Spell {
	i, found := slices.BinarySearchFunc(spells, on, func(s Spell, on edtf.Day) int {
		return strings.Compare(string(s.From), string(on))
	})
	if !found {
		i--
	}
	if i < 0 || spells[i].Until < on {
		return Spell{From: edtf.FirstDay, Until: edtf.LastDay, State: State{Status: Proposed}}
	}
	return spells[i]
}

// A finding is a status with what it follows from.
type finding struct {
	Status
	because []Reason
}

// lay lays out what holds over all days, given the days on which it can change.
func lay(days []edtf.Day, at func(edtf.Day) finding) []Spell {
	days = append(days, edtf.FirstDay)
	slices.Sort(days)
	var spells []Spell
	for _, day := range slices.Compact(days) {
		if day == "" {
			continue
		}
		found := at(day)
		n := len(spells)
		if n > 0 && spells[n-1].Status == found.Status && slices.Equal(spells[n-1].Because, found.because) {
			continue
		}
		if n > 0 {
			spells[n-1].Until = day.Add(-1)
		}
		spells = append(spells, Spell{day, edtf.LastDay, State{Status: found.Status}, found.because})
	}
	return spells
}

// combine says what is certain of several readings of the same facts: what the
// first says, uncertain where another differs, because of either.
func combine(readings [][]Spell) []Spell {
	if len(readings) == 1 {
		return readings[0]
	}
	var days []edtf.Day
	for _, spells := range readings {
		for _, s := range spells {
			days = append(days, s.From)
		}
	}
	slices.Sort(days)
	at := make([]int, len(readings))
	var merged []Spell
	for _, day := range slices.Compact(days) {
		for i, spells := range readings {
			for at[i]+1 < len(spells) && spells[at[i]+1].From <= day {
				at[i]++
			}
		}
		s := readings[0][at[0]]
		s.From, s.Until = day, edtf.LastDay
		for i, spells := range readings[1:] {
			other := spells[at[i+1]]
			if other.Status == s.Status {
				continue
			}
			s.Uncertain = true
			for _, r := range other.Because {
				if !slices.Contains(s.Because, r) {
					s.Because = append(slices.Clip(s.Because), r)
				}
			}
		}
		n := len(merged)
		if n > 0 && merged[n-1].State == s.State && slices.Equal(merged[n-1].Because, s.Because) {
			continue
		}
		if n > 0 {
			merged[n-1].Until = day.Add(-1)
		}
		merged = append(merged, s)
	}
	return merged
}
