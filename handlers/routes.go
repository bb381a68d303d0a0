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
	return []route{
		{"GET", "/", read, true, s.showHome},

		{"GET", "/agreements", read, true, s.listAgreements},
		{"POST", "/agreements", draft, false, s.createAgreement},
		{"GET", "/agreements/new", draft, false, s.newAgreement},
		{"POST", "/agreements/new", draft, false, s.submitAgreement},
		{"POST", "/drafts", draft, false, s.readDraftOf},
		{"GET", "/agreements/bulk", publish, false, s.askBulk},
		{"POST", "/agreements/bulk", publish, false, s.submitBulk},
		{"GET", "/agreements/suggest", read, false, s.suggestAgreements},
		{"GET", "/agreements/:id", read, true, s.showAgreement},
		{"PUT", "/agreements/:id", draft, false, s.replaceAgreement},
		{"DELETE", "/agreements/:id", publish, false, s.deleteAgreement},
		{"GET", "/agreements/:id/edit", draft, false, s.editAgreement},
		{"POST", "/agreements/:id/edit", draft, false, s.submitAgreement},
		{"GET", "/agreements/:id/withdraw", publish, false, s.askWithdraw},
		{"POST", "/agreements/:id/withdraw", publish, false, s.withdrawAgreement},
		{"GET", "/agreements/:id/history", read, true, s.showHistory},
		{"POST", "/agreements/:id/restore", publish, false, s.restoreAgreement},
		{"GET", "/agreements/:id/revisions/:number", read, true, s.showRevision},

		{"POST", "/agreements/:id/documents", publish, false, s.addDocument},
		{"GET", "/agreements/:id/documents/:document", read, false, s.showDocument},
		{"POST", "/agreements/:id/documents/:document/remove", publish, false, s.removeDocument},

		{"GET", "/search", read, true, s.search},
		{"GET", "/search/suggest", read, false, s.suggestSearch},
		{"GET", "/opensearch.xml", always, false, s.showOpenSearch},

		{"GET", "/pairs", read, true, s.findPair},
		{"GET", "/pairs/matrix", read, true, s.showMatrix},
		{"GET", "/pairs/:pair", read, true, s.showPair},

		{"GET", "/timeline", read, true, s.showTimeline},
		{"GET", "/calendar", read, true, s.showCalendar},
		{"GET", "/feed", read, true, s.showFeed},
		{"GET", "/years", read, true, s.showYears},
		{"GET", "/map", read, true, s.showMap},
		{"GET", "/network", read, true, s.showNetwork},

		{"GET", "/parties", read, true, s.listParties},
		{"GET", "/parties/new", draft, false, s.newParty},
		{"POST", "/parties/new", draft, false, s.submitParty},
		{"GET", "/parties/suggest", read, false, s.suggestParties},
		{"GET", "/parties/:code", read, true, s.showParty},
		{"GET", "/parties/:code/edit", draft, false, s.editParty},
		{"POST", "/parties/:code/edit", draft, false, s.submitParty},

		{"GET", "/meetings", read, true, s.listMeetings},
		{"GET", "/meetings/new", draft, false, s.newMeeting},
		{"POST", "/meetings/new", draft, false, s.submitMeeting},
		{"GET", "/meetings/suggest", read, false, s.suggestMeetings},
		{"GET", "/meetings/:id", read, true, s.showMeeting},
		{"GET", "/meetings/:id/edit", draft, false, s.editMeeting},
		{"POST", "/meetings/:id/edit", draft, false, s.submitMeeting},

		{"GET", "/people", read, true, s.listPeople},
		{"GET", "/people/suggest", read, false, s.suggestPeople},
		{"GET", "/people/:id", read, true, s.showPerson},
		{"GET", "/people/:id/edit", draft, false, s.editPerson},
		{"POST", "/people/:id/edit", draft, false, s.submitPerson},

		{"GET", "/dates", always, false, s.readDate},
		{"GET", "/api", always, false, s.showAPI},
		{"GET", "/api/openapi", always, false, s.showOpenAPI},
		{"GET", "/healthz", always, false, s.healthy},
		{"GET", "/readyz", always, false, s.ready},
		{"GET", "/proposals", draft, false, s.listProposals},
		{"GET", "/proposals/:id", draft, false, s.showProposal},
		{"GET", "/proposals/:id/edit", draft, false, s.editProposal},
		{"POST", "/proposals/:id/edit", draft, false, s.submitProposal},
		{"POST", "/proposals/:id/accept", publish, false, s.acceptProposal},
		{"POST", "/proposals/:id/return", publish, false, s.returnProposal},
		{"POST", "/proposals/:id/withdraw", draft, false, s.takeBackProposal},

		{"GET", "/duplicates", publish, false, s.listDuplicates},
		{"GET", "/duplicates/:pair", publish, false, s.askMerge},
		{"POST", "/duplicates/:pair", publish, false, s.merge},
		{"POST", "/duplicates/:pair/distinct", publish, false, s.distinguish},
		{"GET", "/register", read, false, s.showRegister},
		{"GET", "/imports", publish, false, s.listImports},
		{"POST", "/imports", publish, false, s.newImport},
		{"GET", "/imports/:id", publish, false, s.showImport},
		{"POST", "/imports/:id", publish, false, s.mapImport},
		{"POST", "/imports/:id/start", publish, false, s.startImport},
		{"POST", "/imports/:id/cancel", publish, false, s.cancelImport},
		{"POST", "/imports/:id/remove", publish, false, s.removeImport},
		{"GET", "/imports/:id/refused", publish, false, s.showRefused},
		{"GET", "/imports/:id/mapping", publish, false, s.showMapping},
		{"GET", "/operations", publish, false, s.listOperations},
		{"GET", "/operations/:id", publish, false, s.showOperation},
		{"POST", "/operations/:id/undo", publish, false, s.undoOperation},

		{"GET", "/setup/:secret", always, false, s.showSetup},
		{"POST", "/setup/:secret", always, false, s.submitSetup},
		{"GET", "/sign-in", always, false, s.showSignIn},
		{"POST", "/sign-in", always, false, s.submitSignIn},
		{"GET", "/sign-in/code", always, false, s.askCode},
		{"POST", "/sign-in/code", always, false, s.submitCode},
		{"POST", "/sign-in/passkey/begin", always, false, s.beginPasskeySignIn},
		{"POST", "/sign-in/passkey", always, false, s.passkeySignIn},
		{"GET", "/sign-in/oidc", always, false, s.beginOIDC},
		{"GET", "/sign-in/oidc/return", always, false, s.endOIDC},
		{"GET", "/sign-in/reset", always, false, s.askReset},
		{"POST", "/sign-in/reset", always, false, s.submitReset},
		{"POST", "/sign-out", always, false, s.signOut},
		{"GET", "/links/:secret", always, false, s.showLink},
		{"POST", "/links/:secret", always, false, s.submitLink},

		{"GET", "/account", own, false, s.showAccount},
		{"POST", "/account", own, false, s.submitAccount},
		{"POST", "/account/password", own, false, s.changePassword},
		{"POST", "/account/totp", own, false, s.setUpTOTP},
		{"POST", "/account/totp/confirm", own, false, s.confirmTOTP},
		{"POST", "/account/totp/off", own, false, s.turnOffTOTP},
		{"POST", "/account/passkeys/begin", own, false, s.beginPasskey},
		{"POST", "/account/passkeys", own, false, s.addPasskey},
		{"POST", "/account/passkeys/remove", own, false, s.removePasskey},
		{"POST", "/account/sessions", own, false, s.endSessions},
		{"POST", "/account/tokens", own, false, s.makeToken},
		{"POST", "/account/tokens/:id/revoke", own, false, s.revokeToken},

		{"GET", "/admin", administer, false, s.showAdmin},
		{"GET", "/admin/accounts", administer, false, s.listAccounts},
		{"POST", "/admin/accounts", administer, false, s.createAccount},
		{"GET", "/admin/accounts/:id", administer, false, s.showAccountAdmin},
		{"POST", "/admin/accounts/:id", administer, false, s.reviseAccount},
		{"POST", "/admin/accounts/:id/link", administer, false, s.linkAccount},
		{"POST", "/admin/accounts/:id/disabled", administer, false, s.disableAccount},
		{"GET", "/admin/audit", administer, false, s.showAudit},
		{"GET", "/admin/webhooks", administer, false, s.listWebhooks},
		{"POST", "/admin/webhooks", administer, false, s.makeWebhook},
		{"GET", "/admin/webhooks/:id", administer, false, s.showWebhook},
		{"POST", "/admin/webhooks/:id", administer, false, s.changeWebhook},
		{"GET", "/admin/status", administer, false, s.showStatus},
		{"GET", "/admin/settings", administer, false, s.showSettings},
		{"POST", "/admin/settings", administer, false, s.submitSettings},
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
