package models

import (
	"slices"

	"chancery/models/status"
)

// The closed lists of the domain. Their codes stand in addresses, in JSON, in CSV
// and in the check constraints of the schema; their words are in frontend/locales.

// Kinds of agreement.
var Kinds = kinds[:]

var kinds = [...]string{"treaty", "convention", "agreement", "protocol", "notes", "memorandum", "plan", "programme",
	"declaration", "communique", "amendment", "other"}

// Levels say who concluded an agreement.
var Levels = levels[:]

var levels = [...]string{"interstate", "intergovernmental", "interagency", "unknown"}

// Bindings say whether an agreement binds in law.
var Bindings = []string{"unknown", "yes", "no"}

// Roles of a party in an agreement; those that take part come first.
var Roles = append(PartRoles[:len(PartRoles):len(PartRoles)], otherRoles[:]...)

// PartRoles are the roles that take part, as against looking on or keeping the
// text; they make a pair.
var PartRoles = partRoles[:]

var (
	partRoles  = [...]string{"party", "signatory", "guarantor"}
	otherRoles = [...]string{"depositary", "observer"}
)

// PartyKinds are the kinds of subject that can be bound.
var PartyKinds = []string{"state", "former-state", "organisation", "territory", "region"}

// SuccessionKinds say how a party came after another: as the same legal person,
// which is bound by all that bound the other; as a successor, which is bound by
// what it has succeeded to; or by taking the other in.
var SuccessionKinds = []string{"continues", "succeeds", "absorbs"}

// Bases on which a period of validity rests.
var Bases = []string{"term", "entry-into-force", "provisional", "renewal", "extension", "retroactive"}

// Renewals say how a period goes on after its end.
var Renewals = []string{"none", "tacit", "by-agreement"}

// RelationTypes are stored one way; the inverse is derived.
var RelationTypes = []string{"succeeds", "amends", "supplements", "implements", "replaces", "terminates",
	"extends", "coterminous"}

// influencing are the relations by which an agreement changes the status of its
// target; coterminous is the one by which its own follows from that of its target.
var influencing = []string{"replaces", "terminates", "extends"}

// MeetingRelations say how an agreement relates to a meeting.
var MeetingRelations = []string{"signed-at", "in-the-margins-of", "reviewed-at"}

// MeetingTies say how a meeting relates to another.
var MeetingTies = []string{"in-the-margins-of", "session-of"}

// MeetingKinds of event.
var MeetingKinds = []string{"meeting", "visit", "summit", "conference", "session", "negotiation", "other"}

// SupportedFacts are the facts that a source can be named for.
var SupportedFacts = []string{"title", "parties", "signed", "place", "signatories", "validity", "meeting", "relations"}

// EventTypes are the kinds of event on the timeline: every act, and what follows
// from periods and meetings.
var EventTypes = append(slices.Clone(status.ActTypes), "validity-begins", "validity-ends", "renewal-due",
	"notice-deadline", "meeting")

// Works are what a curator would mend in a record: fewer than two parties, no date,
// values that could not be read, no known entry into force, no source, a date far
// from the others, a party before or after its existence, what an import was not
// sure of.
var Works = works[:]

var works = [...]string{"parties", "date", "unread", "entry", "source", "dates", "existence", "doubt"}

// Languages in which every party has a main name.
var Languages = []string{"en", "de", "ru"}
