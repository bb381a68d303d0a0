// Package handlers serves the register over HTTP: every page is also data, under the same address.
package handlers

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"chancery/exchange"
	"chancery/frontend"
	"chancery/frontend/atlas"
	"chancery/models"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"
)

// A Config says how the register is served.
type Config struct {
	Actor    string             // who stands in the history when a form or client names nobody
	Zone     *time.Location     // whose day "today" is; the machine's own when nil
	Hosts    []string           // host names under which the register may be read; loopback ones always may
	Site     string             // its public address, such as https://treaties.example; by default that of the request
	Flags    bool               // show flags of today's states
	Map      *atlas.Atlas       // the shapes of states; nil hides maps
	Setup    string             // the secret of the link that makes the first administrator; empty allows none
	Mail     Mailer             // sends letters; nil sends none
	Rate     int                // requests a minute of one token, account or network; 0 does not count
	Files    *Files             // where documents lie; nil keeps none
	OIDC     *OIDC              // signs people in elsewhere; nil does not
	Proxies  []string           // addresses or networks of proxies whose word counts for where a request comes from
	Reports  Reports            // how press reports are read
	Importer *exchange.Importer // checks and writes imports; nil leaves that to another process
	Log      *slog.Logger

	Metrics     *Metrics // counts what happens; nil does not
	Traces      *Traces  // tells a collector what requests did; nil does not
	LogRequests bool     // each one is written to the log

	Version  string        // of the program, for administrators
	AtOnce   int           // pages that are made at the same time; 0 is MostAtOnce
	Deadline time.Duration // the longest that one may take; 0 is Deadline
}

// A Server answers requests from one register.
type Server struct {
	store    *models.Store
	config   Config
	router   *gin.Engine
	sessions *scs.SessionManager
	rates    rates
	oidc     provider
	press    pressReader

	copying sync.Mutex // a copy of the register is being made

	changed atomic.Pointer[changedAt]

	settingsMu   sync.Mutex
	settingsKept models.Settings
	settingsRead time.Time
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

// routes is the table of contents: every address of the register.
func (s *Server) routes() {
	r := s.router
	r.Use(s.watch, s.recoverPanics, s.identify, s.limitRate, s.allow, s.limitParameters, s.readForm)
	r.NoRoute(s.handle(s.notFound))
	r.NoMethod(s.handle(s.methodNotAllowed))

	r.GET("/", s.cached(s.showHome))

	r.GET("/agreements", s.cached(s.listAgreements))
	r.POST("/agreements", s.handle(s.createAgreement))
	r.GET("/agreements/new", s.handle(s.newAgreement))
	r.POST("/agreements/new", s.handle(s.submitAgreement))
	r.POST("/drafts", s.handle(s.readDraftOf))
	r.GET("/agreements/bulk", s.handle(s.askBulk))
	r.POST("/agreements/bulk", s.handle(s.submitBulk))
	r.GET("/agreements/suggest", s.handle(s.suggestAgreements))
	r.GET("/agreements/:id", s.cached(s.showAgreement))
	r.PUT("/agreements/:id", s.handle(s.replaceAgreement))
	r.DELETE("/agreements/:id", s.handle(s.deleteAgreement))
	r.GET("/agreements/:id/edit", s.handle(s.editAgreement))
	r.POST("/agreements/:id/edit", s.handle(s.submitAgreement))
	r.GET("/agreements/:id/withdraw", s.handle(s.askWithdraw))
	r.POST("/agreements/:id/withdraw", s.handle(s.withdrawAgreement))
	r.GET("/agreements/:id/history", s.cached(s.showHistory))
	r.POST("/agreements/:id/restore", s.handle(s.restoreAgreement))
	r.GET("/agreements/:id/revisions/:number", s.cached(s.showRevision))

	r.POST("/agreements/:id/documents", s.handle(s.addDocument))
	r.GET("/agreements/:id/documents/:document", s.handle(s.showDocument))
	r.POST("/agreements/:id/documents/:document/remove", s.handle(s.removeDocument))

	r.GET("/search", s.cached(s.search))
	r.GET("/search/suggest", s.handle(s.suggestSearch))
	r.GET("/opensearch.xml", s.handle(s.showOpenSearch))

	r.GET("/pairs", s.cached(s.findPair))
	r.GET("/pairs/matrix", s.cached(s.showMatrix))
	r.GET("/pairs/:pair", s.cached(s.showPair))

	r.GET("/timeline", s.cached(s.showTimeline))
	r.GET("/calendar", s.cached(s.showCalendar))
	r.GET("/feed", s.cached(s.showFeed))
	r.GET("/years", s.cached(s.showYears))
	r.GET("/map", s.cached(s.showMap))
	r.GET("/network", s.cached(s.showNetwork))

	r.GET("/parties", s.cached(s.listParties))
	r.GET("/parties/new", s.handle(s.newParty))
	r.POST("/parties/new", s.handle(s.submitParty))
	r.GET("/parties/suggest", s.handle(s.suggestParties))
	r.GET("/parties/:code", s.cached(s.showParty))
	r.GET("/parties/:code/edit", s.handle(s.editParty))
	r.POST("/parties/:code/edit", s.handle(s.submitParty))

	r.GET("/meetings", s.cached(s.listMeetings))
	r.GET("/meetings/new", s.handle(s.newMeeting))
	r.POST("/meetings/new", s.handle(s.submitMeeting))
	r.GET("/meetings/suggest", s.handle(s.suggestMeetings))
	r.GET("/meetings/:id", s.cached(s.showMeeting))
	r.GET("/meetings/:id/edit", s.handle(s.editMeeting))
	r.POST("/meetings/:id/edit", s.handle(s.submitMeeting))

	r.GET("/people", s.cached(s.listPeople))
	r.GET("/people/suggest", s.handle(s.suggestPeople))
	r.GET("/people/:id", s.cached(s.showPerson))
	r.GET("/people/:id/edit", s.handle(s.editPerson))
	r.POST("/people/:id/edit", s.handle(s.submitPerson))

	r.GET("/dates", s.handle(s.readDate))
	r.GET("/api", s.handle(s.showAPI))
	r.GET("/api/openapi", s.handle(s.showOpenAPI))
	r.GET("/healthz", s.handle(s.healthy))
	r.GET("/readyz", s.handle(s.ready))
	r.GET("/proposals", s.handle(s.listProposals))
	r.GET("/proposals/:id", s.handle(s.showProposal))
	r.GET("/proposals/:id/edit", s.handle(s.editProposal))
	r.POST("/proposals/:id/edit", s.handle(s.submitProposal))
	r.POST("/proposals/:id/accept", s.handle(s.acceptProposal))
	r.POST("/proposals/:id/return", s.handle(s.returnProposal))
	r.POST("/proposals/:id/withdraw", s.handle(s.takeBackProposal))

	r.GET("/duplicates", s.handle(s.listDuplicates))
	r.GET("/duplicates/:pair", s.handle(s.askMerge))
	r.POST("/duplicates/:pair", s.handle(s.merge))
	r.POST("/duplicates/:pair/distinct", s.handle(s.distinguish))
	r.GET("/register", s.handle(s.showRegister))
	r.GET("/imports", s.handle(s.listImports))
	r.POST("/imports", s.handle(s.newImport))
	r.GET("/imports/:id", s.handle(s.showImport))
	r.POST("/imports/:id", s.handle(s.mapImport))
	r.POST("/imports/:id/start", s.handle(s.startImport))
	r.POST("/imports/:id/cancel", s.handle(s.cancelImport))
	r.POST("/imports/:id/remove", s.handle(s.removeImport))
	r.GET("/imports/:id/refused", s.handle(s.showRefused))
	r.GET("/imports/:id/mapping", s.handle(s.showMapping))
	r.GET("/operations", s.handle(s.listOperations))
	r.GET("/operations/:id", s.handle(s.showOperation))
	r.POST("/operations/:id/undo", s.handle(s.undoOperation))

	r.GET("/setup/:secret", s.handle(s.showSetup))
	r.POST("/setup/:secret", s.handle(s.submitSetup))
	r.GET("/sign-in", s.handle(s.showSignIn))
	r.POST("/sign-in", s.handle(s.submitSignIn))
	r.GET("/sign-in/code", s.handle(s.askCode))
	r.POST("/sign-in/code", s.handle(s.submitCode))
	r.POST("/sign-in/passkey/begin", s.handle(s.beginPasskeySignIn))
	r.POST("/sign-in/passkey", s.handle(s.passkeySignIn))
	r.GET("/sign-in/oidc", s.handle(s.beginOIDC))
	r.GET("/sign-in/oidc/return", s.handle(s.endOIDC))
	r.GET("/sign-in/reset", s.handle(s.askReset))
	r.POST("/sign-in/reset", s.handle(s.submitReset))
	r.POST("/sign-out", s.handle(s.signOut))
	r.GET("/links/:secret", s.handle(s.showLink))
	r.POST("/links/:secret", s.handle(s.submitLink))

	r.GET("/account", s.handle(s.showAccount))
	r.POST("/account", s.handle(s.submitAccount))
	r.POST("/account/password", s.handle(s.changePassword))
	r.POST("/account/totp", s.handle(s.setUpTOTP))
	r.POST("/account/totp/confirm", s.handle(s.confirmTOTP))
	r.POST("/account/totp/off", s.handle(s.turnOffTOTP))
	r.POST("/account/passkeys/begin", s.handle(s.beginPasskey))
	r.POST("/account/passkeys", s.handle(s.addPasskey))
	r.POST("/account/passkeys/remove", s.handle(s.removePasskey))
	r.POST("/account/sessions", s.handle(s.endSessions))
	r.POST("/account/tokens", s.handle(s.makeToken))
	r.POST("/account/tokens/:id/revoke", s.handle(s.revokeToken))

	r.GET("/admin", s.handle(s.showAdmin))
	r.GET("/admin/accounts", s.handle(s.listAccounts))
	r.POST("/admin/accounts", s.handle(s.createAccount))
	r.GET("/admin/accounts/:id", s.handle(s.showAccountAdmin))
	r.POST("/admin/accounts/:id", s.handle(s.reviseAccount))
	r.POST("/admin/accounts/:id/link", s.handle(s.linkAccount))
	r.POST("/admin/accounts/:id/disabled", s.handle(s.disableAccount))
	r.GET("/admin/audit", s.handle(s.showAudit))
	r.GET("/admin/webhooks", s.handle(s.listWebhooks))
	r.POST("/admin/webhooks", s.handle(s.makeWebhook))
	r.GET("/admin/webhooks/:id", s.handle(s.showWebhook))
	r.POST("/admin/webhooks/:id", s.handle(s.changeWebhook))
	r.GET("/admin/status", s.handle(s.showStatus))
	r.GET("/admin/settings", s.handle(s.showSettings))
	r.POST("/admin/settings", s.handle(s.submitSettings))

	r.GET(staticPath, s.static(http.FileServerFS(frontend.Static())))
}

// staticPath is the route of our own files.
const staticPath = "/static/*path"

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
