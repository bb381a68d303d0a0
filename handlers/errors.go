package handlers

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"chancery/models"
)

// errPrecondition says that a change by JSON did not name the version it was made
// on.
var errPrecondition = errors.New("If-Match is missing")

// errStale says that If-Match names another version than the record's.
var errStale = errors.New("If-Match is stale")

// errBusy says that a request would have to wait long for its turn.
var errBusy = errors.New("too many are answered")

// errMaking says that a large file is being made for everybody.
var errMaking = errors.New("the file is being made")

// errLongQuery says that what stands after the question mark of an address is too
// long.
var errLongQuery = errors.New("the query is too long")

// retryAfter is when who was sent away may come again.
const retryAfter = 5 * time.Second

var (
	errSignInNeeded = errors.New("sign in first")
	errSetupNeeded  = errors.New("nobody can sign in yet")
	errForbidden    = errors.New("not permitted")
	errBadToken     = errors.New("the token does not hold")
)

// errPasskey says that a passkey was not taken; why stands in the log.
var errPasskey = errors.New("the passkey was not taken")

// errPasskeyHost says that the register is read under an address without a name,
// to which no passkey can be bound.
var errPasskeyHost = errors.New("passkeys need a host name")

// errUnconfirmed says that what signs somebody in is changed only by who shows once
// more that it is them.
var errUnconfirmed = errors.New("not confirmed")

var errProvider = errors.New("signing in elsewhere did not work")

// tooMany says that somebody has to wait.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return fmt.Sprintf("too many tries: wait %s", e.wait) }

var (
	errMethod    = errors.New("method not allowed")
	errFormat    = errors.New("no such representation")
	errMediaType = errors.New("the body is not JSON")
)

// seconds are whole ones, rounded up: who comes again then need not wait.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// received tells a body that is too long or broke off from a defect of ours.
func received(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return unreadable(err.Error())
}

// unreadable says of a body why it cannot be read.
func unreadable(why string) error {
	return models.Invalid{"body": {Code: "body", Args: map[string]string{"value": why}}}
}
