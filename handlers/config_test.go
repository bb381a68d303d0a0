package handlers

import (
	"testing"
)

// Of the roles that a provider's claims give somebody has the highest.
func TestClaimsGiveTheHighestRole(t *testing.T) {
	o := &OIDC{Claim: "groups", Roles: map[string]string{"staff": "contributor", "desk": "editor", "it": "administrator"}}
	for _, test := range []struct {
		claim any
		other string
		want  string
	}{
		{nil, "", ""}, {nil, "reader", "reader"}, {"staff", "", "contributor"}, {"staff desk", "", "editor"},
		{"desk staff", "", "editor"}, {[]any{"staff", "it", "desk"}, "", "administrator"}, {[]any{"none"}, "", ""},
		{[]any{"none"}, "reader", "reader"}, {[]any{7, true, nil, "desk"}, "", "editor"}, {42, "reader", "reader"},
		{map[string]any{"it": true}, "", ""}, {"IT", "", ""}, {"staff", "editor", "editor"},
	} {
		o.Role = test.other
		if got := o.role(map[string]any{"groups": test.claim, "role": "it"}); got != test.want {
			t.Errorf("%v, else %q, gives %q, want %q", test.claim, test.other, got, test.want)
		}
	}
}
