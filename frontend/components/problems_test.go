package components

import (
	"testing"

	"chancery/frontend/locales"
)

// A field is called as its form calls it, with the row in which it stands.
func TestFieldsAreCalledAsTheirFormCallsThem(t *testing.T) {
	for path, want := range map[string]string{
		"signed": "Signed on", "kind": "Kind", "titles[1].text": "Title 2 · Title", "participations[1].party": "Party 2 · Party",
		"participations[0].signatories[1].office": "Party 1 · Signatory 2 · Office", "acts[0].type": "Act 1 · Act",
		"relations[0].type": "Related agreement 1 · This agreement", "sources[0].title": "Source 1 · Headline", "names[0].text": "Name 1 · Name",
		"actor": "Your name", "nothing": "",
	} {
		if got := fieldLabel(locales.Of("en"), path); got != want {
			t.Errorf("%s is called %q, want %q", path, got, want)
		}
	}
}
