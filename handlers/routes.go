package handlers

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"chancery/frontend"
	"chancery/models"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
)

// A route is an address of the register: what it asks of whoever calls it, and whether a reader's copy holds until the register,
// the day or the language changes.
type route struct {
	method, path string
	permission   permission
	cached       bool
	handler      func(*gin.Context) error
}

// table is the one list of addresses, beside that of our own files. The router and the permissions are made from it: what is not in
// it is refused.
func (s *Server) table() []route {
	agreements, proposals, imports, parties, reading := s.agreementPages(), s.proposalPages(), s.importPages(), s.partyPages(), s.readingPages()
	signIn, admin := s.signInPages(), s.adminPages()
	return []route{
		{"GET", "/", read, true, agreements.showHome},

		{"GET", "/agreements", read, true, agreements.listAgreements},
		{"POST", "/agreements", draft, false, agreements.createAgreement},
		{"GET", "/agreements/new", draft, false, agreements.newAgreement},
		{"POST", "/agreements/new", draft, false, agreements.submitAgreement},
		{"POST", "/drafts", draft, false, agreements.readDraftOf},
		{"GET", "/agreements/bulk", publish, false, imports.askBulk},
		{"POST", "/agreements/bulk", publish, false, imports.submitBulk},
		{"GET", "/agreements/suggest", read, false, agreements.suggestAgreements},
		{"GET", "/agreements/:id", read, true, agreements.showAgreement},
		{"PUT", "/agreements/:id", draft, false, agreements.replaceAgreement},
		{"DELETE", "/agreements/:id", publish, false, agreements.deleteAgreement},
		{"GET", "/agreements/:id/edit", draft, false, agreements.editAgreement},
		{"POST", "/agreements/:id/edit", draft, false, agreements.submitAgreement},
		{"GET", "/agreements/:id/withdraw", publish, false, agreements.askWithdraw},
		{"POST", "/agreements/:id/withdraw", publish, false, agreements.withdrawAgreement},
		{"GET", "/agreements/:id/history", read, true, agreements.showHistory},
		{"POST", "/agreements/:id/restore", publish, false, agreements.restoreAgreement},
		{"GET", "/agreements/:id/revisions/:number", read, true, agreements.showRevision},

		{"POST", "/agreements/:id/documents", publish, false, agreements.addDocument},
		{"GET", "/agreements/:id/documents/:document", read, false, agreements.showDocument},
		{"POST", "/agreements/:id/documents/:document/remove", publish, false, agreements.removeDocument},

		{"GET", "/search", read, true, reading.search},
		{"GET", "/search/suggest", read, false, reading.suggestSearch},
		{"GET", "/opensearch.xml", always, false, reading.showOpenSearch},

		{"GET", "/pairs", read, true, reading.findPair},
		{"GET", "/pairs/matrix", read, true, reading.showMatrix},
		{"GET", "/pairs/:pair", read, true, reading.showPair},

		{"GET", "/timeline", read, true, reading.showTimeline},
		{"GET", "/calendar", read, true, reading.showCalendar},
		{"GET", "/feed", read, true, reading.showFeed},
		{"GET", "/years", read, true, reading.showYears},
		{"GET", "/map", read, true, reading.showMap},
		{"GET", "/network", read, true, reading.showNetwork},

		{"GET", "/parties", read, true, parties.listParties},
		{"GET", "/parties/new", draft, false, parties.newParty},
		{"POST", "/parties/new", draft, false, parties.submitParty},
		{"GET", "/parties/suggest", read, false, parties.suggestParties},
		{"GET", "/parties/:code", read, true, parties.showParty},
		{"GET", "/parties/:code/edit", draft, false, parties.editParty},
		{"POST", "/parties/:code/edit", draft, false, parties.submitParty},

		{"GET", "/meetings", read, true, parties.listMeetings},
		{"GET", "/meetings/new", draft, false, parties.newMeeting},
		{"POST", "/meetings/new", draft, false, parties.submitMeeting},
		{"GET", "/meetings/suggest", read, false, parties.suggestMeetings},
		{"GET", "/meetings/:id", read, true, parties.showMeeting},
		{"GET", "/meetings/:id/edit", draft, false, parties.editMeeting},
		{"POST", "/meetings/:id/edit", draft, false, parties.submitMeeting},

		{"GET", "/people", read, true, parties.listPeople},
		{"GET", "/people/suggest", read, false, parties.suggestPeople},
		{"GET", "/people/:id", read, true, parties.showPerson},
		{"GET", "/people/:id/edit", draft, false, parties.editPerson},
		{"POST", "/people/:id/edit", draft, false, parties.submitPerson},

		{"GET", "/dates", always, false, agreements.readDate},
		{"GET", "/api", always, false, s.showAPI},
		{"GET", "/api/openapi", always, false, s.showOpenAPI},
		{"GET", "/healthz", always, false, s.healthy},
		{"GET", "/readyz", always, false, s.ready},
		{"GET", "/proposals", draft, false, proposals.listProposals},
		{"GET", "/proposals/:id", draft, false, proposals.showProposal},
		{"GET", "/proposals/:id/edit", draft, false, proposals.editProposal},
		{"POST", "/proposals/:id/edit", draft, false, proposals.submitProposal},
		{"POST", "/proposals/:id/accept", publish, false, proposals.acceptProposal},
		{"POST", "/proposals/:id/return", publish, false, proposals.returnProposal},
		{"POST", "/proposals/:id/withdraw", draft, false, proposals.takeBackProposal},

		{"GET", "/duplicates", publish, false, imports.listDuplicates},
		{"GET", "/duplicates/:pair", publish, false, imports.askMerge},
		{"POST", "/duplicates/:pair", publish, false, imports.merge},
		{"POST", "/duplicates/:pair/distinct", publish, false, imports.distinguish},
		{"GET", "/register", read, false, reading.showRegister},
		{"GET", "/imports", publish, false, imports.listImports},
		{"POST", "/imports", publish, false, imports.newImport},
		{"GET", "/imports/:id", publish, false, imports.showImport},
		{"POST", "/imports/:id", publish, false, imports.mapImport},
		{"POST", "/imports/:id/start", publish, false, imports.startImport},
		{"POST", "/imports/:id/cancel", publish, false, imports.cancelImport},
		{"POST", "/imports/:id/remove", publish, false, imports.removeImport},
		{"GET", "/imports/:id/refused", publish, false, imports.showRefused},
		{"GET", "/imports/:id/mapping", publish, false, imports.showMapping},
		{"GET", "/operations", publish, false, imports.listOperations},
		{"GET", "/operations/:id", publish, false, imports.showOperation},
		{"POST", "/operations/:id/undo", publish, false, imports.undoOperation},

		{"GET", "/setup/:secret", always, false, signIn.showSetup},
		{"POST", "/setup/:secret", always, false, signIn.submitSetup},
		{"GET", "/sign-in", always, false, signIn.showSignIn},
		{"POST", "/sign-in", always, false, signIn.submitSignIn},
		{"GET", "/sign-in/code", always, false, signIn.askCode},
		{"POST", "/sign-in/code", always, false, signIn.submitCode},
		{"POST", "/sign-in/passkey/begin", always, false, signIn.beginPasskeySignIn},
		{"POST", "/sign-in/passkey", always, false, signIn.passkeySignIn},
		{"GET", "/sign-in/oidc", always, false, signIn.beginOIDC},
		{"GET", "/sign-in/oidc/return", always, false, signIn.endOIDC},
		{"GET", "/sign-in/reset", always, false, signIn.askReset},
		{"POST", "/sign-in/reset", always, false, signIn.submitReset},
		{"POST", "/sign-out", always, false, signIn.signOut},
		{"GET", "/links/:secret", always, false, signIn.showLink},
		{"POST", "/links/:secret", always, false, signIn.submitLink},

		{"GET", "/account", own, false, admin.showAccount},
		{"POST", "/account", own, false, admin.submitAccount},
		{"POST", "/account/password", own, false, admin.changePassword},
		{"POST", "/account/totp", own, false, signIn.setUpTOTP},
		{"POST", "/account/totp/confirm", own, false, signIn.confirmTOTP},
		{"POST", "/account/totp/off", own, false, signIn.turnOffTOTP},
		{"POST", "/account/passkeys/begin", own, false, signIn.beginPasskey},
		{"POST", "/account/passkeys", own, false, signIn.addPasskey},
		{"POST", "/account/passkeys/remove", own, false, signIn.removePasskey},
		{"POST", "/account/sessions", own, false, admin.endSessions},
		{"POST", "/account/tokens", own, false, admin.makeToken},
		{"POST", "/account/tokens/:id/revoke", own, false, admin.revokeToken},

		{"GET", "/admin", administer, false, admin.showAdmin},
		{"GET", "/admin/accounts", administer, false, admin.listAccounts},
		{"POST", "/admin/accounts", administer, false, admin.createAccount},
		{"GET", "/admin/accounts/:id", administer, false, admin.showAccountAdmin},
		{"POST", "/admin/accounts/:id", administer, false, admin.reviseAccount},
		{"POST", "/admin/accounts/:id/link", administer, false, admin.linkAccount},
		{"POST", "/admin/accounts/:id/disabled", administer, false, admin.disableAccount},
		{"GET", "/admin/audit", administer, false, admin.showAudit},
		{"GET", "/admin/webhooks", administer, false, admin.listWebhooks},
		{"POST", "/admin/webhooks", administer, false, admin.makeWebhook},
		{"GET", "/admin/webhooks/:id", administer, false, admin.showWebhook},
		{"POST", "/admin/webhooks/:id", administer, false, admin.changeWebhook},
		{"GET", "/admin/status", administer, false, admin.showStatus},
		{"GET", "/admin/settings", administer, false, admin.showSettings},
		{"POST", "/admin/settings", administer, false, admin.submitSettings},
	}
}

// permissionsOf gives what each route asks, by method and path.
func permissionsOf(table []route) map[string]permission {
	permissions := map[string]permission{http.MethodGet + " " + staticPath: always}
	for _, r := range table {
		permissions[r.method+" "+r.path] = r.permission
	}
	return permissions
}

// routes makes the router from the table.
func (s *Server) routes() {
	r := s.router
	r.Use(s.watch, s.recoverPanics, s.identify, s.limitRate, s.allow, s.limitParameters, s.readForm)
	r.NoRoute(s.handle(s.notFound))
	r.NoMethod(s.handle(s.methodNotAllowed))
	table := s.table()
	s.permissions = permissionsOf(table)
	for _, route := range table {
		answer := s.handle
		if route.cached {
			answer = s.cached
		}
		r.Handle(route.method, route.path, answer(route.handler))
	}
	r.GET(staticPath, s.static(http.FileServerFS(frontend.Static())))
}

// New makes the handler of all addresses.
func New(store *models.Store, config Config) http.Handler {
	s := newServer(store, config)
	return s.outer()
}

func newServer(store *models.Store, config Config) *Server {
	if config.Zone == nil {
		config.Zone = time.Local
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	config.AtOnce, config.Deadline = cmp.Or(config.AtOnce, MostAtOnce), cmp.Or(config.Deadline, Deadline)
	gin.SetMode(gin.ReleaseMode)
	s := &Server{store: store, config: config, router: gin.New()}
	if err := s.router.SetTrustedProxies(config.Proxies); err != nil {
		config.Log.Error("the proxies are not networks: nobody's word counts", "error", err)
		s.router.SetTrustedProxies(nil)
	}
	s.sessions = s.newSessions()
	s.router.HandleMethodNotAllowed = true
	s.routes()
	return s
}

// outer wraps the routes, from the outside in: headers, allowed hosts, cross-origin posts, compression, the limits of
// a request and of how many are answered at once, the representation asked for.
func (s *Server) outer() http.Handler {
	h := s.represent(s.withSession(s.router))
	h = s.shed(h)
	h = s.limit(h)
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.SuffixETag("-gz"))
	if err != nil {
		panic(err) // the options above are wrong
	}
	h = compress(h)
	h = s.sameOrigin(h)
	h = s.allowedHost(h)
	return s.secure(h)
}
