package handlers

import (
	"testing"

	"chancery/models"
)

// Who may what, by role, by token and by where the register is read: the table of
// docs/security.md, once more by hand.
func TestPermissionsFollowRolesAndScopes(t *testing.T) {
	account := func(role string) *models.Account { return &models.Account{Role: role} }
	token := func(scope string) *models.Token { return &models.Token{Scope: scope} }
	const all = "always read draft publish own administer"
	tests := map[string]struct {
		who          principal
		public, held string
	}{
		"nobody": {principal{}, "always read", "always"},
		"who holds the secret of the first start": {principal{first: true}, "always read draft publish",
			"always read draft publish"},
		"a reader": {principal{account: account("reader")}, "always read own", "always read own"},
		"a contributor": {principal{account: account("contributor")}, "always read draft own",
			"always read draft own"},
		"an editor": {principal{account: account("editor")}, "always read draft publish own",
			"always read draft publish own"},
		"an administrator": {principal{account: account("administrator")}, all, all},
		"an administrator's token to read": {principal{account: account("administrator"), token: token("read")},
			"always read", "always read"},
		"an administrator's token to draft": {principal{account: account("administrator"), token: token("draft")},
			"always read draft", "always read draft"},
		"an administrator's token to publish": {principal{account: account("administrator"), token: token("publish")},
			"always read draft publish", "always read draft publish"},
		"a reader's token to publish": {principal{account: account("reader"), token: token("publish")}, "always read",
			"always read"},
		"a contributor's token to publish": {principal{account: account("contributor"), token: token("publish")},
			"always read draft", "always read draft"},
	}
	names := map[permission]string{always: "always", read: "read", draft: "draft", publish: "publish", own: "own",
		administer: "administer"}
	for name, test := range tests {
		for public, want := range map[bool]string{true: test.public, false: test.held} {
			got := ""
			for _, need := range []permission{deny, always, read, draft, publish, own, administer} {
				if test.who.may(need, public) {
					got += " " + names[need]
				}
			}
			if got != " "+want {
				t.Errorf("%s (public %v) may%s, want %s", name, public, got, want)
			}
		}
	}
}
