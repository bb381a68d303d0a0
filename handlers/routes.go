package handlers

import (
	"net/http"

	"chancery/frontend"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// A route is an address of the register: what it asks of whoever calls it, and
// whether a reader's copy holds until the register, the day or the language
// changes.
type route struct {
	method, path string
	permission   permission
	cached       bool
	handler      func(*gin.Context) error
	operation    operation
}

// table is the one list of addresses, beside that of our own files. The router and
// the permissions are made from it: what is not in it is refused.
func (s *Server) table() []route {
	agreements, proposals, imports, parties, reading := s.agreementPages(), s.proposalPages(), s.importPages(),
		s.partyPages(), s.readingPages()
	signIn, admin, system := s.signInPages(), s.adminPages(), s.systemPages()
	return []route{
		{"GET", "/", read, true, agreements.showHome,
			operation{summary: "The first page; as JSON how much the register holds",
				query: []string{"on", "recorded"}, answer: models.Totals{}}},

		{"GET", "/agreements", read, true, agreements.listAgreements,
			operation{summary: "Agreements, newest first", query: append(filterBut("event"), "counts", "table"),
				answer: countedListing{}, media: recordFormats("csv")}},
		{"POST", "/agreements", draft, false, agreements.createAgreement,
			operation{summary: "Record an agreement", body: agreementBody{}, answer: agreementJSON{},
				codes: []int{201, 202, 413, 415, 422, 429}}},
		{"GET", "/agreements/new", draft, false, agreements.newAgreement,
			operation{summary: "The form of a new agreement"}},
		{"POST", "/agreements/new", draft, false, agreements.submitAgreement,
			operation{summary: "Record an agreement by the form", form: []string{}, codes: []int{200, 409, 422}}},
		{"POST", "/drafts", draft, false, agreements.readDraftOf,
			operation{summary: "Read a press report: which agreements it says were signed. Nothing is kept",
				query: []string{"published: the day of a report sent as text/plain, from which \"today\" counts"},
				body:  draftRequest{}, answer: draftJSON{}, codes: []int{413, 415, 422, 429}}},
		{"GET", "/agreements/bulk", publish, false, imports.askBulk,
			operation{summary: "Change a field of the agreements of a list",
				query: append(filterBut("event"), "counts")}},
		{"POST", "/agreements/bulk", publish, false, imports.submitBulk,
			operation{summary: "Show what an edit would change, or make it",
				query: append(filterBut("event"), "counts"),
				form:  []string{"field", "value", "id", "seen", "do", "actor", "comment"}, codes: []int{200, 409, 422}}},
		{"GET", "/agreements/suggest", read, false, agreements.suggestAgreements,
			operation{summary: "Options of a field for a register number", query: []string{"q: number or words"}}},
		{"GET", "/agreements/:id", read, true, agreements.showAgreement,
			operation{summary: "One agreement; .csv is its timeline, .svg its picture",
				query: []string{"on", "recorded", "table"}, answer: agreementJSON{}, media: recordFormats("csv", "svg", "png"),
				codes: []int{410}}},
		{"PUT", "/agreements/:id", draft, false, agreements.replaceAgreement,
			operation{summary: "Write an agreement anew", body: agreementBody{}, answer: agreementJSON{},
				codes: []int{202, 412, 422, 428, 429}}},
		{"DELETE", "/agreements/:id", publish, false, agreements.deleteAgreement,
			operation{summary: "Withdraw an agreement; its number stays",
				query: []string{"reason: why", "actor: who"}, codes: []int{202, 204, 412, 422, 428, 429}}},
		{"GET", "/agreements/:id/edit", draft, false, agreements.editAgreement,
			operation{summary: "The form of an agreement"}},
		{"POST", "/agreements/:id/edit", draft, false, agreements.submitAgreement,
			operation{summary: "Save an agreement by the form", form: []string{}, codes: []int{200, 409, 422}}},
		{"GET", "/agreements/:id/withdraw", publish, false, agreements.askWithdraw,
			operation{summary: "The form that asks for the reason"}},
		{"POST", "/agreements/:id/withdraw", publish, false, agreements.withdrawAgreement,
			operation{summary: "Withdraw an agreement by the form", form: []string{}, codes: []int{200, 409, 422}}},
		{"GET", "/agreements/:id/history", read, true, agreements.showHistory,
			operation{summary: "Revisions, and what changed between two",
				query: []string{"from int: revision", "to int: revision"}, answer: historyJSON{}}},
		{"POST", "/agreements/:id/restore", publish, false, agreements.restoreAgreement,
			operation{summary: "Bring an old revision back as a new one", form: []string{},
				codes: []int{200, 409, 422}}},
		{"GET", "/agreements/:id/revisions/:number", read, true, agreements.showRevision,
			operation{summary: "What the record said after a change", answer: revisionJSON{}, program: true}},
		{"POST", "/agreements/:id/revisions/:number/open", publish, false, agreements.openRevision,
			operation{summary: "Let everybody read a revision of a time when the agreement was restricted",
				form: []string{"actor"}, codes: []int{409, 422}}},

		{"POST", "/agreements/:id/documents", publish, false, agreements.addDocument,
			operation{summary: "Add a document to an agreement", form: []string{"file file", "language", "comment"},
				answer: models.Document{}, codes: []int{201, 413, 415, 422}}},
		{"GET", "/agreements/:id/documents/:document", read, false, agreements.showDocument,
			operation{summary: "A document, as a download",
				media: []string{"application/pdf", "text/plain",
					"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "image/*"}, program: true}},
		{"POST", "/agreements/:id/documents/:document/remove", publish, false, agreements.removeDocument,
			operation{summary: "Take a document off an agreement; its file stays for the history",
				form: []string{"comment"}, codes: []int{409, 422}}},
		{"POST", "/agreements/:id/documents/:document/open", publish, false, agreements.openDocument,
			operation{summary: "Let everybody read a document of a time when the agreement was restricted",
				form: []string{"actor"}, codes: []int{409, 422}}},

		{"GET", "/search", read, true, reading.search,
			operation{summary: "Agreements, parties, people and meetings by any of their words",
				query: []string{"q", "on", "recorded"}, answer: models.Results{}, media: []string{"csv"}}},
		{"GET", "/search/suggest", read, false, reading.suggestSearch,
			operation{summary: "What the words typed so far begin, as options of a list",
				query: []string{"q", "on", "recorded"}}},
		{"GET", "/opensearch.xml", always, false, reading.showOpenSearch,
			operation{summary: "The search box for browsers, OpenSearch",
				media: []string{"application/opensearchdescription+xml"}, program: true}},

		{"GET", "/pairs", read, true, reading.findPair,
			operation{
				summary: "Pairs of parties with the most bilateral agreements; as CSV a panel of pairs and years under any filter",
				query:   append(filterBut("event", "after", "limit"), "a: any name or code", "b: any name or code"),
				answer:  listing[models.PairCount]{}, media: []string{"csv"}}},
		{"GET", "/pairs/matrix", read, true, reading.showMatrix,
			operation{summary: "Agreements between every two parties of a group",
				query: append(filterBut("event", "after", "limit"),
					"group: active, a continent, or the code of an organisation whose members it is",
					"codes: parties, joined with commas, instead of a group", "measure: in-force or signed", "order: of the picture, count or name"),
				answer: models.Matrix{}, media: []string{"csv", "svg", "png"}}},
		{"GET", "/pairs/:pair", read, true, reading.showPair,
			operation{summary: "Agreements in which both parties take part",
				query: append(filterBut("event", "pair"), "counts", "table"), answer: countedListing{},
				media: recordFormats("csv")}},

		{"GET", "/timeline", read, true, reading.showTimeline,
			operation{summary: "Events in order of date", query: append(filterBut(), "order"), answer: listing[models.Event]{},
				media: []string{"csv", "svg", "png"}}},
		{"GET", "/calendar", read, true, reading.showCalendar,
			operation{summary: "What is to come: ends of validity, last days for notice, renewals, meetings",
				query: append(filterBut("after", "limit"), "months int: how far ahead, 12 by default",
					"alarm int: days before an event on which a calendar reminds; 0 is never"), answer: calendarJSON{},
				media: []string{"csv", "ics"}}},
		{"GET", "/feed", read, true, reading.showFeed,
			operation{summary: "What was recorded, revised, has begun and has ended, as Atom: /feed.atom",
				query:  append(filterBut("event", "after", "limit"), "before: the moment before which it goes on"),
				answer: listing[models.News]{}, media: []string{"atom"}, program: true}},
		{"GET", "/years", read, true, reading.showYears,
			operation{summary: "What was signed, came into force and ended, by year",
				query: filterBut("event", "after", "limit"), answer: listing[models.YearCount]{},
				media: []string{"csv", "svg", "png"}}},
		{"GET", "/map", read, true, reading.showMap,
			operation{summary: "Agreements in force by party, or with one party",
				query: filterBut("event", "after", "limit"), answer: mapJSON{}, media: []string{"csv", "svg", "png"}}},
		{"GET", "/network", read, true, reading.showNetwork,
			operation{summary: "Parties of a group and their agreements in force as a network",
				query: append(filterBut("event", "after", "limit"), "group: as of the matrix",
					"codes: parties, joined with commas, instead of a group", "measure: in-force or signed"),
				answer: models.Matrix{}, media: []string{"csv", "svg", "png", "graphml"}}},

		{"GET", "/parties", read, true, parties.listParties,
			operation{summary: "All parties; as CSV a panel of parties and years under any filter",
				query: append(filterBut("kind", "text", "event", "after", "limit"), "text: name or code",
					"kind: kind of party"), answer: listing[models.PartyEntry]{}, media: []string{"csv"}}},
		{"GET", "/parties/new", draft, false, parties.newParty,
			operation{summary: "The form of a new party"}},
		{"POST", "/parties/new", draft, false, parties.submitParty,
			operation{summary: "Record a party", form: []string{}, codes: []int{200, 409, 422}}},
		{"GET", "/parties/suggest", read, false, parties.suggestParties,
			operation{summary: "Parties by any name or code",
				query:  []string{"q: what is typed", "value: code puts the code alone into the field"},
				answer: listing[models.PartyEntry]{}}},
		{"GET", "/parties/:code", read, true, parties.showParty,
			operation{summary: "One party; .csv is its timeline", query: []string{"on", "recorded", "table"},
				answer: partyJSON{}, media: recordFormats("csv")}},
		{"GET", "/parties/:code/edit", draft, false, parties.editParty,
			operation{summary: "The form of a party"}},
		{"POST", "/parties/:code/edit", draft, false, parties.submitParty,
			operation{summary: "Save a party", form: []string{}, codes: []int{200, 409, 422}}},

		{"GET", "/meetings", read, true, parties.listMeetings,
			operation{summary: "Meetings, latest first",
				query: []string{"text: in title, series or place", "after: cursor"}, answer: listing[models.Meeting]{}}},
		{"GET", "/meetings/new", draft, false, parties.newMeeting,
			operation{summary: "The form of a new meeting"}},
		{"POST", "/meetings/new", draft, false, parties.submitMeeting,
			operation{summary: "Record a meeting", form: []string{}, codes: []int{200, 409, 422}}},
		{"GET", "/meetings/suggest", read, false, parties.suggestMeetings,
			operation{summary: "Options of a field for a meeting", query: []string{"q: what is typed"}}},
		{"GET", "/meetings/:id", read, true, parties.showMeeting,
			operation{summary: "One meeting", query: []string{"on", "recorded"}, answer: meetingJSON{}}},
		{"GET", "/meetings/:id/edit", draft, false, parties.editMeeting,
			operation{summary: "The form of a meeting"}},
		{"POST", "/meetings/:id/edit", draft, false, parties.submitMeeting,
			operation{summary: "Save a meeting", form: []string{}, codes: []int{200, 409, 422}}},

		{"GET", "/people", read, true, parties.listPeople,
			operation{summary: "People by name", query: []string{"text: name in any spelling", "after: cursor"},
				answer: listing[models.PersonEntry]{}}},
		{"GET", "/people/suggest", read, false, parties.suggestPeople,
			operation{summary: "Options of a field for a person", query: []string{"q: what is typed"}}},
		{"GET", "/people/:id", read, true, parties.showPerson,
			operation{summary: "One person with signatures", answer: personJSON{}}},
		{"GET", "/people/:id/edit", draft, false, parties.editPerson,
			operation{summary: "The form of a person’s names"}},
		{"POST", "/people/:id/edit", draft, false, parties.submitPerson,
			operation{summary: "Save a person’s names", form: []string{}, codes: []int{200, 409, 422}}},

		{"GET", "/dates", always, false, agreements.readDate,
			operation{summary: "How a date is understood that people write, in English, German, Russian, French or Spanish",
				query: []string{"date: such as 5 November 2025, 05.11.2025, Nov 2025, 1990s, 2026/27 or EDTF"}, answer: dateJSON{}}},
		{"GET", "/api", always, false, system.showAPI,
			operation{summary: "This description as a page"}},
		{"GET", "/api/openapi", always, false, system.showOpenAPI,
			operation{summary: "This description", answer: map[string]any{}, program: true}},
		{"GET", "/healthz", always, false, system.healthy,
			operation{summary: "The process answers", answer: healthJSON{}, program: true}},
		{"GET", "/readyz", always, false, system.ready,
			operation{summary: "The database answers and has this version’s schema", answer: healthJSON{},
				codes: []int{503}, program: true}},
		{"GET", "/proposals", draft, false, proposals.listProposals,
			operation{summary: "Proposals that wait, or waited: one's own, for editors all",
				query: []string{"state: waiting (default), returned, accepted, withdrawn",
					"before int: those before this number"}, answer: listing[models.Proposal]{}}},
		{"GET", "/proposals/:id", draft, false, proposals.showProposal,
			operation{summary: "A proposal, and what it would change", answer: proposalJSON{}}},
		{"GET", "/proposals/:id/edit", draft, false, proposals.editProposal,
			operation{summary: "The form of a proposal"}},
		{"POST", "/proposals/:id/edit", draft, false, proposals.submitProposal,
			operation{summary: "Save a proposal by the form; an editor accepts it so corrected",
				form: []string{"version"}, codes: []int{409, 422}}},
		{"POST", "/proposals/:id/accept", publish, false, proposals.acceptProposal,
			operation{summary: "Accept a proposal", form: []string{"version", "proposal", "note"},
				codes: []int{409, 422}}},
		{"POST", "/proposals/:id/return", publish, false, proposals.returnProposal,
			operation{summary: "Return a proposal with a note", form: []string{"proposal", "note"},
				codes: []int{409, 422}}},
		{"POST", "/proposals/:id/withdraw", draft, false, proposals.takeBackProposal,
			operation{summary: "Take back one's own proposal"}},

		{"GET", "/duplicates", publish, false, imports.listDuplicates,
			operation{summary: "Pairs of records that may be of one agreement",
				query:  []string{"operation: only pairs that an operation has made or changed one of"},
				answer: listing[models.LikelyPair]{}}},
		{"GET", "/duplicates/:pair", publish, false, imports.askMerge,
			operation{summary: "Two records side by side, such as 12-15"}},
		{"POST", "/duplicates/:pair", publish, false, imports.merge,
			operation{summary: "One record of two",
				form: []string{"keep", "version.0", "version.1", "actor", "comment"}, codes: []int{409, 422}}},
		{"POST", "/duplicates/:pair/distinct", publish, false, imports.distinguish,
			operation{summary: "They are two", codes: []int{409, 422}}},
		{"GET", "/register", read, true, reading.showRegister,
			operation{summary: "In which forms the whole register can be had; with .sqlite the whole as a database",
				media: []string{"sqlite"}}},
		{"GET", "/imports", publish, false, imports.listImports,
			operation{summary: "Imports, the newest first", query: []string{"before: those before this number"},
				answer: listing[models.Import]{}}},
		{"POST", "/sample", publish, false, imports.loadSample, operation{}},
		{"POST", "/imports", publish, false, imports.newImport,
			operation{summary: "Send files to be imported; nothing is written before the import is started",
				form: []string{"file file", "file2 file", "as", "mapping file", "actor"}, answer: models.Import{},
				codes: []int{201, 409, 413, 415, 422}}},
		{"GET", "/imports/:id", publish, false, imports.showImport,
			operation{summary: "An import: its mapping, what a check came to, how far it is", answer: importJSON{}}},
		{"POST", "/imports/:id", publish, false, imports.mapImport,
			operation{summary: "Another mapping; do is preview, check or save", form: []string{"do"},
				codes: []int{409, 422}}},
		{"POST", "/imports/:id/start", publish, false, imports.startImport,
			operation{summary: "Write a checked import", codes: []int{409, 422}}},
		{"POST", "/imports/:id/cancel", publish, false, imports.cancelImport,
			operation{summary: "Stop an import that is being written", codes: []int{409, 422}}},
		{"POST", "/imports/:id/remove", publish, false, imports.removeImport,
			operation{summary: "Remove an import that wrote nothing", codes: []int{409, 422}}},
		{"GET", "/imports/:id/refused", publish, false, imports.showRefused,
			operation{summary: "Every row and value that is not taken, with the reason", media: []string{"csv"},
				program: true}},
		{"GET", "/imports/:id/mapping", publish, false, imports.showMapping,
			operation{summary: "The mapping, as a file for other imports", answer: models.Mapping{}, program: true}},
		{"GET", "/operations", publish, false, imports.listOperations,
			operation{summary: "What changed many records at once, the newest first",
				query: []string{"before: those before this number"}, answer: listing[models.Operation]{}}},
		{"GET", "/operations/:id", publish, false, imports.showOperation,
			operation{summary: "One, with the records that it made and changed",
				query: []string{"after: records after this number"}, answer: operationJSON{}}},
		{"POST", "/operations/:id/undo", publish, false, imports.undoOperation,
			operation{summary: "Undo all of it", codes: []int{409, 422}}},

		{"GET", "/setup/:secret", always, false, signIn.openSetup, operation{}},
		{"GET", "/setup", always, false, signIn.showSetup, operation{}},
		{"POST", "/setup", always, false, signIn.submitSetup, operation{}},
		{"GET", "/sign-in", always, false, signIn.showSignIn, operation{}},
		{"POST", "/sign-in", always, false, signIn.submitSignIn, operation{}},
		{"GET", "/sign-in/code", always, false, signIn.askCode, operation{}},
		{"POST", "/sign-in/code", always, false, signIn.submitCode, operation{}},
		{"POST", "/sign-in/passkey/begin", always, false, signIn.beginPasskeySignIn, operation{}},
		{"POST", "/sign-in/passkey", always, false, signIn.passkeySignIn, operation{}},
		{"GET", "/sign-in/oidc", always, false, signIn.beginOIDC, operation{}},
		{"GET", "/sign-in/oidc/return", always, false, signIn.endOIDC, operation{}},
		{"GET", "/sign-in/reset", always, false, signIn.askReset, operation{}},
		{"POST", "/sign-in/reset", always, false, signIn.submitReset, operation{}},
		{"POST", "/sign-out", always, false, signIn.signOut, operation{}},
		{"GET", "/links/:secret", always, false, signIn.showLink, operation{}},
		{"POST", "/links/:secret", always, false, signIn.submitLink, operation{}},

		{"GET", "/account", own, false, admin.showAccount, operation{}},
		{"POST", "/account", own, false, admin.submitAccount, operation{}},
		{"GET", "/account/confirm", own, false, signIn.askConfirm, operation{}},
		{"POST", "/account/confirm", own, false, signIn.submitConfirm, operation{}},
		{"POST", "/account/password", own, false, admin.changePassword, operation{}},
		{"POST", "/account/totp", own, false, signIn.onceMore(signIn.setUpTOTP), operation{}},
		{"POST", "/account/totp/confirm", own, false, signIn.onceMore(signIn.confirmTOTP), operation{}},
		{"POST", "/account/totp/off", own, false, signIn.turnOffTOTP, operation{}},
		{"POST", "/account/passkeys/begin", own, false, signIn.onceMore(signIn.beginPasskey), operation{}},
		{"POST", "/account/passkeys", own, false, signIn.onceMore(signIn.addPasskey), operation{}},
		{"POST", "/account/passkeys/remove", own, false, signIn.onceMore(signIn.removePasskey), operation{}},
		{"POST", "/account/sessions", own, false, admin.endSessions, operation{}},
		{"POST", "/account/tokens", own, false, signIn.onceMore(admin.makeToken), operation{}},
		{"POST", "/account/tokens/:id/revoke", own, false, signIn.onceMore(admin.revokeToken), operation{}},

		{"GET", "/admin", administer, false, admin.showAdmin, operation{}},
		{"GET", "/admin/accounts", administer, false, admin.listAccounts, operation{}},
		{"POST", "/admin/accounts", administer, false, admin.createAccount, operation{}},
		{"GET", "/admin/accounts/:id", administer, false, admin.showAccountAdmin, operation{}},
		{"POST", "/admin/accounts/:id", administer, false, admin.reviseAccount, operation{}},
		{"POST", "/admin/accounts/:id/link", administer, false, admin.linkAccount, operation{}},
		{"POST", "/admin/accounts/:id/disabled", administer, false, admin.disableAccount, operation{}},
		{"GET", "/admin/audit", administer, false, admin.showAudit, operation{}},
		{"GET", "/admin/webhooks", administer, false, admin.listWebhooks, operation{}},
		{"POST", "/admin/webhooks", administer, false, admin.makeWebhook, operation{}},
		{"GET", "/admin/webhooks/:id", administer, false, admin.showWebhook, operation{}},
		{"POST", "/admin/webhooks/:id", administer, false, admin.changeWebhook, operation{}},
		{"GET", "/admin/status", administer, false, admin.showStatus, operation{}},
		{"GET", "/admin/settings", administer, false, admin.showSettings, operation{}},
		{"POST", "/admin/settings", administer, false, admin.submitSettings, operation{}},
	}
}

// permissionsOf gives what each route asks, by method and path.
func permissionsOf(table []route) map[string]permission {
	permissions := map[string]permission{}
	for _, r := range append(table, route{method: http.MethodGet, path: staticPath, permission: always}) {
		permissions[r.method+" "+r.path] = r.permission
		if r.method == http.MethodGet {
			permissions[http.MethodHead+" "+r.path] = r.permission
		}
	}
	return permissions
}

// routes makes the router from the table.
func (s *Server) routes() {
	r := s.router
	turns := newTurns(s)
	r.Use(s.instrument, s.recoverPanics, s.identify, s.limitRate, turns.limitWork, s.authorize,
		s.limitParameters, s.readForm, turns.take)
	r.NoRoute(s.handle(s.notFound))
	r.NoMethod(s.handle(s.methodNotAllowed))
	table := s.table()
	s.permissions = permissionsOf(table)
	for _, route := range table {
		answer := s.handle
		if route.cached {
			answer = s.cached
		}
		r.Handle(route.method, route.path, answer(route.answers))
		if route.method == http.MethodGet { // HEAD is GET without what it says (RFC 9110, 9.3.2)
			r.HEAD(route.path, answer(route.answers))
		}
	}
	files := s.static(http.FileServerFS(frontend.Static()))
	r.GET(staticPath, files)
	r.HEAD(staticPath, files)
}
