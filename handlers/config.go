package handlers

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"chancery/exchange/bucket"

	"chancery/exchange"
	"chancery/frontend/atlas"
	"chancery/models"
	"chancery/press"
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
	Work     time.Duration      // of the processors, a minute, for one network that has not signed in; 0 does not count
	Files    *Files             // where documents lie; nil keeps none
	OIDC     *OIDC              // signs people in elsewhere; nil does not
	Proxies  []string           // addresses or networks of proxies whose word counts for where a request comes from
	Reports  Reports            // how press reports are read
	Vet      Vet                // looks at a table that was sent before it is read here; nil does not
	Importer *exchange.Importer // checks and writes imports; nil leaves that to another process
	Log      *slog.Logger

	Metrics     *Metrics // counts what happens; nil does not
	Traces      *Traces  // tells a collector what requests did; nil does not
	LogRequests bool     // each one is written to the log

	Version  string        // of the program, for administrators
	AtOnce   int           // pages that are made at the same time; 0 is MostAtOnce
	Deadline time.Duration // the longest that one may take; 0 is Deadline
}

// A Vet reads a file where a hostile one can do no harm, and tells what is wrong with
// it.
type Vet func(ctx context.Context, path string) error

// A Mailer sends a letter of plain text.
type Mailer func(ctx context.Context, to, subject, text string) error

// OIDC says with which provider people may sign in besides (OpenID Connect Core
// 1.0).
type OIDC struct {
	Issuer, Client, Secret string
	Name                   string            // what the button says
	Scopes                 []string          // asked for beside openid, profile and email
	Claim                  string            // the claim of the ID token that says which role
	Roles                  map[string]string // values of that claim, and the role that each gives
	Role                   string            // of whoever has none of them; empty lets nobody else in
}

// role is the highest that the claims give.
func (o *OIDC) role(claims map[string]any) string {
	var values []string
	switch value := claims[o.Claim].(type) {
	case string:
		values = strings.Fields(value)
	case []any:
		for _, v := range value {
			if text, ok := v.(string); ok {
				values = append(values, text)
			}
		}
	}
	role := o.Role
	for _, value := range values {
		if given := o.Roles[value]; slices.Index(models.AccountRoles, given) > slices.Index(models.AccountRoles, role) {
			role = given
		}
	}
	return role
}

// Files is where documents lie, and what reads their words.
type Files struct {
	Bucket bucket.Bucket
	// Words reads what a file of a media type says, for searching, where a hostile one
	// can do no harm.
	Words func(ctx context.Context, path, mediaType string) (string, error)
	Most  int64 // bytes of one file
}

// Reports say how press reports are read.
type Reports struct {
	Fetch    func(ctx context.Context, address string) (press.Page, error) // fetches a report; nil fetches none
	Endpoint *press.Endpoint                                               // a second reader; nil asks none
}

// MostAtOnce is how many pages are made at the same time, and Deadline the longest
// that one may take, unless a Config says otherwise.
const (
	MostAtOnce = 32
	Deadline   = 30 * time.Second
)

const (
	importsPerPage = 30
	mostImport     = 512 << 20 // bytes of an import's files together
	previewed      = 20        // rows
	samples        = 3
	mostSuggested  = 3
	mostWords      = 40
	mostUnknown    = 100
)
