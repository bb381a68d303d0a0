package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/models"
)

// A permission is what a route asks of whoever calls it.
type permission int

const (
	deny       permission = iota // what is not in the table of routes
	always                       // of nobody anything
	read                         // reading the register: of anybody while it is public, else of those signed in
	draft                        // proposing a record or a change: of contributors
	publish                      // changing the register: of editors
	own                          // one's own account, in a browser: of those signed in
	administer                   // in a browser: of administrators
)

// A principal is whoever makes a request.
type principal struct {
	account *models.Account
	token   *models.Token
	first   bool // holds the secret of the first start, while there is no administrator
	nobody  bool // looks at a page of a register in which nobody can sign in yet
	address string
	waiting int // proposals that wait for them, or answers to their own
}

type principalKey struct{}

// principalOf is who makes a request; nobody before identify has run.
func principalOf(c *gin.Context) *principal {
	if p, ok := c.Request.Context().Value(principalKey{}).(*principal); ok {
		return p
	}
	return &principal{}
}

// may tells whether a permission is held. A token does what its account may, up to
// its scope; accounts and the register's settings are for people at a browser
// alone.
func (p *principal) may(need permission, public bool) bool {
	scoped := func(scope string) bool {
		return p.token == nil || slices.Index(models.TokenScopes, p.token.Scope) >= slices.Index(models.TokenScopes, scope)
	}
	switch need {
	case always:
		return true
	case read:
		return public || p.first || p.account != nil
	case draft:
		return p.first || p.account != nil && p.account.AtLeast("contributor") && scoped("draft")
	case publish:
		return p.first || p.account != nil && p.account.AtLeast("editor") && scoped("publish")
	case own:
		return p.account != nil && p.token == nil
	case administer:
		return p.account != nil && p.token == nil && p.account.AtLeast("administrator")
	}
	return false
}

// tag tells apart what different people get under one address.
func (p *principal) tag() string {
	switch {
	case p.account != nil:
		return fmt.Sprintf("-a%d.%d.%d", p.account.ID, p.account.Version, p.waiting)
	case p.first:
		return "-l"
	case p.nobody:
		return "-n"
	}
	return ""
}

// change is what the history tells of a change by this principal: who signs in
// stands there by the account's name, what is typed counts only where nobody signs
// in.
func (p *principal) change(typed, comment string) models.Change {
	change := models.Change{Actor: strings.TrimSpace(typed), Comment: strings.TrimSpace(comment), Address: p.address}
	if p.account != nil {
		change.Actor, change.AccountID = p.account.Name, &p.account.ID
	}
	return change
}
