// Package http3 stands where gin's HTTP/3 was: Chancery serves HTTP/1.1, and leaves
// the newer ones to a proxy in front.
package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC always fails.
func ListenAndServeQUIC(_, _, _ string, _ http.Handler) error {
	return errors.New("chancery is built without HTTP/3")
}
