package testdb

import "net/http"

// FirstSecret is the secret of the first start of programs that tests start, given
// to them as CHANCERY_SETUP_SECRET.
const FirstSecret = "first-start-of-a-test"

// AsFirst has requests send it that say nothing of who makes them.
type AsFirst struct{ http.RoundTripper }

// RoundTrip sends a request.
func (f AsFirst) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+FirstSecret)
	}
	return f.RoundTripper.RoundTrip(r)
}

// CloseIdleConnections is for the client.
func (f AsFirst) CloseIdleConnections() {
	if closer, ok := f.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
