package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"chancery/exchange"
	"chancery/frontend/atlas"
	"chancery/handlers"
	"chancery/models"
	"chancery/press"
)

type serveCommand struct {
	Listen         string            `help:"Address and port to listen on." env:"CHANCERY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Port           string            `help:"Port alone, for hosts that set PORT." env:"PORT" hidden:""`
	Hosts          []string          `help:"Host names under which the register may be read, besides those of this machine." env:"CHANCERY_HOSTS" placeholder:"NAME,…"`
	Site           string            `help:"Public address, used in citations." env:"CHANCERY_SITE" placeholder:"https://…"`
	Zone           string            `help:"Time zone of \"today\"; by default this machine's." env:"CHANCERY_ZONE" placeholder:"Europe/Minsk"`
	Actor          string            `help:"Who stands in the history when a form names nobody." env:"CHANCERY_ACTOR" placeholder:"NAME"`
	Flags          bool              `help:"Show flags of today's states." env:"CHANCERY_FLAGS" default:"true" negatable:""`
	Map            bool              `help:"Show maps." env:"CHANCERY_MAP" default:"true" negatable:""`
	Documents      string            `help:"Where documents are kept: a folder, or a bucket such as s3://NAME?region=REGION; by default a folder beside the SQLite file." env:"CHANCERY_DOCUMENTS" placeholder:"FOLDER"`
	DocumentSize   int64             `help:"Most megabytes of one document." env:"CHANCERY_DOCUMENT_SIZE" default:"50" placeholder:"MB"`
	Replicas       []string          `help:"PostgreSQL servers that follow the database and answer readings." env:"CHANCERY_REPLICAS" placeholder:"ADDRESS,…"`
	ReplicaLag     time.Duration     `help:"How far a replica may be behind and still be read from." env:"CHANCERY_REPLICA_LAG" default:"5s" placeholder:"TIME"`
	Deadline       time.Duration     `help:"The longest that making a page may take." env:"CHANCERY_DEADLINE" default:"5s" placeholder:"TIME"`
	AtOnce         int               `help:"Most pages that are made at the same time; others wait two seconds and are then sent away for a while." env:"CHANCERY_AT_ONCE" default:"32" placeholder:"N"`
	Statements     stating           `embed:"" prefix:"statements-"`
	Work           time.Duration     `help:"Most processor time a minute for one network that has not signed in; 0 counts none." env:"CHANCERY_WORK" default:"20s" placeholder:"TIME"`
	Rate           int               `help:"Most requests a minute of one token, account or network; 0 counts none." env:"CHANCERY_RATE" default:"600" placeholder:"N"`
	SetupSecret    string            `help:"The secret of the first start, of 20 characters or more, in the place of one that is made." env:"CHANCERY_SETUP_SECRET" placeholder:"SECRET"`
	Proxies        []string          `help:"Addresses or networks of reverse proxies whose X-Forwarded-For counts." env:"CHANCERY_PROXIES" placeholder:"NETWORK,…"`
	SMTP           string            `name:"smtp" help:"Mail server, for letters such as a forgotten password's link." env:"CHANCERY_SMTP" placeholder:"smtp://NAME@HOST:PORT"`
	SMTPFile       string            `name:"smtp-password-file" help:"File with the mail server's password." env:"CHANCERY_SMTP_PASSWORD_FILE" type:"path" placeholder:"FILE"`
	MailFrom       string            `help:"In whose name mail is sent." env:"CHANCERY_MAIL_FROM" placeholder:"ADDRESS"`
	OIDCIssuer     string            `name:"oidc-issuer" help:"OpenID Connect provider with which people may sign in." env:"CHANCERY_OIDC_ISSUER" placeholder:"https://…"`
	OIDCClient     string            `name:"oidc-client" help:"Client ID at the provider." env:"CHANCERY_OIDC_CLIENT" placeholder:"ID"`
	OIDCSecret     string            `name:"oidc-secret-file" help:"File with the client secret." env:"CHANCERY_OIDC_SECRET_FILE" type:"path" placeholder:"FILE"`
	OIDCName       string            `name:"oidc-name" help:"What the button calls the provider." env:"CHANCERY_OIDC_NAME" default:"OpenID Connect" placeholder:"NAME"`
	OIDCScopes     []string          `name:"oidc-scopes" help:"Scopes asked for beside openid, profile and email." env:"CHANCERY_OIDC_SCOPES" placeholder:"SCOPE,…"`
	OIDCClaim      string            `name:"oidc-role-claim" help:"Claim that says which role." env:"CHANCERY_OIDC_ROLE_CLAIM" default:"groups" placeholder:"CLAIM"`
	OIDCRoles      map[string]string `name:"oidc-roles" help:"Values of the claim, and the role each gives." env:"CHANCERY_OIDC_ROLES" placeholder:"VALUE=ROLE;…"`
	OIDCRole       string            `name:"oidc-role" help:"Role of whoever has none of them; empty lets nobody else in." env:"CHANCERY_OIDC_ROLE" enum:",reader,contributor,editor" default:"" placeholder:"ROLE"`
	Inspect        string            `help:"Serve metrics for Prometheus at an address of their own, as 127.0.0.1:9464; on a loopback address Go's profiles too." env:"CHANCERY_INSPECT" placeholder:"HOST:PORT"`
	Traces         string            `help:"Where traces of requests are sent: a collector that speaks OpenTelemetry's protocol over HTTP." env:"CHANCERY_TRACES" placeholder:"http://HOST:4318"`
	TraceShare     float64           `help:"Of which share of requests, from 0 to 1; of those that a proxy traces always." env:"CHANCERY_TRACE_SHARE" default:"0.01" placeholder:"SHARE"`
	LogRequests    bool              `help:"Write each request to the log, with its number, route, status and time." env:"CHANCERY_LOG_REQUESTS"`
	BackupTo       string            `help:"Where to back the register up to: a folder, or a bucket as s3://…; empty does not." env:"CHANCERY_BACKUP_TO" placeholder:"FOLDER"`
	BackupEvery    time.Duration     `help:"How often." env:"CHANCERY_BACKUP_EVERY" default:"24h" placeholder:"TIME"`
	BackupKeep     int               `help:"How many backups are kept." env:"CHANCERY_BACKUP_KEEP" default:"14" placeholder:"N"`
	FetchReports   bool              `help:"Let those who record name press reports by their addresses, which the server then fetches; private addresses never." env:"CHANCERY_FETCH_REPORTS"`
	ReaderURL      string            `help:"A second reader of press reports: an address that speaks as OpenAI's does. Texts are sent to it." env:"CHANCERY_READER_URL" placeholder:"https://…/v1"`
	ReaderModel    string            `help:"Its model." env:"CHANCERY_READER_MODEL" placeholder:"NAME"`
	ReaderKey      string            `help:"Its key." env:"CHANCERY_READER_KEY" placeholder:"KEY"`
	WebhookPrivate bool              `help:"Let webhooks lead to private addresses: this machine, its network." env:"CHANCERY_WEBHOOK_PRIVATE"`
	Atlas          string            `help:"A file of shapes to draw maps from, in place of the one that comes with the program." env:"CHANCERY_ATLAS" type:"existingfile" placeholder:"FILE"`
}

// graceful is how long a request under way may go on after the program was told to
// end.
const graceful = 10 * time.Second

func (c *serveCommand) Run(ctx context.Context, line *commandLine) error {
	zone, err := c.zone()
	if err != nil {
		return err
	}
	if c.Port != "" && c.Listen == "127.0.0.1:8080" {
		c.Listen = "127.0.0.1:" + c.Port
	}
	debug.SetGCPercent(40) // the card index is large and lasts: what is not needed any more is let go of sooner
	world, err := c.world()
	if err != nil {
		return err
	}
	listener, err := c.listener()
	if err != nil {
		return err
	}
	defer listener.Close()
	store, err := c.open(ctx, line.Database)
	if err != nil {
		return err
	}
	defer store.Close()
	hosts := c.Hosts
	if host, _, err := net.SplitHostPort(c.Listen); err == nil {
		hosts = append(hosts, host)
	}
	send, err := mailer(c.SMTP, c.MailFrom, c.SMTPFile)
	if err != nil {
		return err
	}
	elsewhere, err := c.oidc()
	if err != nil {
		return err
	}
	documents, err := files(c.Documents, line.Database, c.DocumentSize<<20)
	if err != nil {
		return err
	}
	setup, err := setupSecret(ctx, c.SetupSecret, line.Database, store)
	if err != nil {
		return err
	}
	metrics, err := c.metrics(ctx, store)
	if err != nil {
		return err
	}
	var traces *handlers.Traces
	if c.Traces != "" {
		if traces, err = handlers.NewTraces(store, c.Traces, c.TraceShare, version, slog.Default()); err != nil {
			return err
		}
		defer closeTraces(traces)
	}
	importer := exchange.NewImporter(store, slog.Default())
	server := &http.Server{
		Handler: handlers.New(store, handlers.Config{Setup: setup, Mail: send, OIDC: elsewhere, Rate: c.Rate, Work: c.Work, Vet: vetElsewhere,
			Files: documents, Proxies: c.Proxies, Actor: c.Actor, Zone: zone, Hosts: lower(hosts),
			Site: strings.TrimRight(c.Site, "/"), Flags: c.Flags, Map: world,
			Importer: importer, Reports: c.reports(), Metrics: metrics, Traces: traces, LogRequests: c.LogRequests,
			Version: version, AtOnce: c.AtOnce, Deadline: c.Deadline, Log: slog.Default()}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	if err := c.startBackups(ctx, store, documents); err != nil {
		return err
	}
	if err := c.Statements.start(ctx, store, strings.TrimRight(c.Site, "/"), send); err != nil {
		return err
	}
	go warm(ctx, store)
	go sweep(ctx, store)
	go exchange.NewMessenger(store, c.publicSite(listener.Addr().String()), c.WebhookPrivate, slog.Default()).Run(ctx)
	importing := make(chan struct{})
	go func() {
		defer close(importing)
		importer.Run(ctx)
	}()
	c.greet(line, listener.Addr().String(), setup)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	line.say("Ending: requests under way may finish.")
	<-importing // it stands between two batches
	ending, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return fmt.Errorf("requests were cut off after %s: %w", graceful, err)
	}
	return nil
}

// startBackups has the register backed up from now on, if that is wanted.
func (c *serveCommand) startBackups(ctx context.Context, store *models.Store, documents *handlers.Files) error {
	if c.BackupTo == "" {
		return nil
	}
	to, err := backups(c.BackupTo, c.BackupKeep)
	if err == nil {
		go backUp(ctx, store, documents, to, c.BackupEvery)
	}
	return err
}

// zone is that of "today".
func (c *serveCommand) zone() (*time.Location, error) {
	if c.Zone == "" {
		return time.Local, nil
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q is not known: write it as Europe/Minsk", c.Zone)
	}
	return zone, nil
}

func (c *serveCommand) listener() (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: choose another port with --listen", c.Listen)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", c.Listen, err)
	}
	return listener, nil
}

// metrics are served at an address of their own, if one is given.
func (c *serveCommand) metrics(ctx context.Context, store *models.Store) (*handlers.Metrics, error) {
	if c.Inspect == "" {
		return nil, nil
	}
	metrics, err := handlers.NewMetrics(store, version)
	if err != nil {
		return nil, err
	}
	return metrics, inspect(ctx, c.Inspect, metrics)
}

// closeTraces sends what traces are left, for two seconds at the most.
func closeTraces(traces *handlers.Traces) {
	ending, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	traces.Close(ending)
}

// greet says where the register is, how to begin and how to end. Whoever reads the
// link of the first start may write: it is said to the console alone.
func (c *serveCommand) greet(line *commandLine, address, setup string) {
	line.say("Chancery serves the register at %s", localAddress(address))
	if !onServer(line.Database) {
		line.say("  on the file %s", line.Database)
	}
	if setup == "" {
		line.say("  Ctrl+C ends it.")
		return
	}
	fmt.Fprintf(os.Stderr, "\nTo record agreements, open this link: there is no administrator yet, and only who has it can write.\n"+
		"  %s\n", setupLink(c.Site, address, setup))
	line.say("\nTo look around in real data, press “Load the sample” there. Ctrl+C ends the register; it goes on where it stood.")
}

// open opens the register and migrates it. While its primary is away it may be
// served from a replica as it is.
func (c *serveCommand) open(ctx context.Context, database string) (*models.Store, error) {
	store, err := models.OpenWith(ctx, database, models.Replicas{Addresses: c.Replicas, MostLag: c.ReplicaLag})
	if err != nil {
		return nil, err
	}
	if err := store.Upkeep().Migrate(ctx); err != nil {
		if !models.Unreachable(err) || len(c.Replicas) == 0 || store.Upkeep().Ready(ctx) != nil {
			return nil, errors.Join(err, store.Close())
		}
		slog.Warn("the primary is away: the register can only be read", "error", err)
	}
	return store, nil
}

// publicSite is the register's public address, or where it listens.
func (c *serveCommand) publicSite(listening string) string {
	if c.Site != "" {
		return strings.TrimRight(c.Site, "/")
	}
	return "http://" + listening
}

// oidc is the provider with which people may sign in; nil is none.
func (c *serveCommand) oidc() (*handlers.OIDC, error) {
	if c.OIDCIssuer == "" {
		return nil, nil
	}
	for value, role := range c.OIDCRoles {
		if !slices.Contains(models.AccountRoles, role) {
			return nil, fmt.Errorf("%s=%s: %q is not one of %s", value, role, role, strings.Join(models.AccountRoles, ", "))
		}
	}
	secret := ""
	if c.OIDCSecret != "" {
		var err error
		if secret, err = readSecret("the client secret", c.OIDCSecret); err != nil {
			return nil, err
		}
	}
	return &handlers.OIDC{Issuer: c.OIDCIssuer, Client: c.OIDCClient, Secret: secret, Name: c.OIDCName,
		Scopes: c.OIDCScopes, Claim: c.OIDCClaim, Roles: c.OIDCRoles, Role: c.OIDCRole}, nil
}

// leastMemory is what the program may take before it lets go of what it no longer
// needs at once, in bytes.
const leastMemory = 130 << 20

// warm takes the card index in, so that the first list need not wait for it, and
// bounds the memory by what it takes.
func warm(ctx context.Context, store *models.Store) {
	store.Warm(ctx)
	debug.FreeOSMemory() // what starting took
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(max(leastMemory, memory.HeapAlloc/4*5)))
	}
}

// sweep takes ended sessions and forgiven tries out, once an hour.
func sweep(ctx context.Context, store *models.Store) {
	for {
		if _, err := store.Upkeep().DoChore(ctx, "sweep", time.Hour, func(ctx context.Context) error {
			return errors.Join(store.Accounts().SweepSessions(ctx), store.Accounts().Forget(ctx))
		}); err != nil && ctx.Err() == nil {
			slog.Warn("what has ended was not taken out", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Hour):
		}
	}
}

// world is what maps are drawn from; nil hides them.
func (c *serveCommand) world() (*atlas.Atlas, error) {
	switch {
	case !c.Map:
		return nil, nil
	case c.Atlas != "":
		return atlas.Open(c.Atlas)
	}
	return atlas.World(), nil
}

func lower(names []string) []string {
	for i, n := range names {
		names[i] = strings.ToLower(strings.TrimSpace(n))
	}
	return names
}

type healthCommand struct {
	Listen string `help:"Where it listens." env:"CHANCERY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
}

func (c *healthCommand) Run(ctx context.Context) error {
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("%q is not an address and port", c.Listen)
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", response.Status)
	}
	return nil
}

// fetchTime is how long fetching a press report may take.
const fetchTime = 15 * time.Second

// reports is how press reports are read.
func (c *serveCommand) reports() (r handlers.Reports) {
	if c.FetchReports {
		client := exchange.Outward(false, fetchTime)
		r.Fetch = func(ctx context.Context, address string) (press.Page, error) {
			return press.Fetch(ctx, client, address)
		}
	}
	if c.ReaderURL != "" {
		r.Endpoint = press.NewEndpoint(c.ReaderURL, c.ReaderModel, c.ReaderKey)
	}
	return r
}
