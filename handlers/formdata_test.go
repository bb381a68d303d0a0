package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"chancery/models"

	"github.com/gin-gonic/gin"
)

// A form is read by the paths of its fields; what no form of ours sends is refused
// in words, whatever its names.
func TestAFormIsReadIntoADraft(t *testing.T) {
	read := func(body string) (d models.AgreementDraft, err error) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		c.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		err = decode(c, &d)
		return d, err
	}
	form := url.Values{"titles[0].text": {"Treaty"}, "titles[0].language": {"en"}, "titles[1].text": {"Vertrag"},
		"participations[0].party": {"BY"}, "participations[1].party": {"RU"},
		"participations[1].signatories[0].person": {"A. Aa"}, "signed": {"2020"}, "subjects[0]": {"fish"},
		"other": {"ignored"}}
	d, err := read(form.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Titles) != 2 || d.Titles[1].Text != "Vertrag" || d.Participations[1].Signatories[0].Person != "A. Aa" ||
		d.Signed != "2020" || !slices.Equal(d.Subjects, []string{"fish"}) {
		t.Errorf("read as %+v", d)
	}
	for _, body := range []string{"titles[999999].text=x", "titles[=x", "titles[a].text=x", "%zz=1", "titles[-1].text=x",
		"acts[4001].type=x"} {
		_, err := read(body)
		var invalid models.Invalid
		if err != nil && (!errors.As(err, &invalid) || invalid["body"].Code != "body") {
			t.Errorf("%s is refused as %v", body, err)
		}
		if err == nil && body != "titles[a].text=x" && body != "titles[-1].text=x" {
			t.Errorf("%s is read", body)
		}
	}
}

func TestRowsAreAddedAndRemoved(t *testing.T) {
	for _, test := range []struct {
		verb string
		at   []int
		want string
	}{
		{"add", nil, "[a b c ]"}, {"remove", []int{0}, "[b c]"}, {"remove", []int{2}, "[a b]"},
		{"remove", []int{3}, "[a b c]"},
		{"remove", []int{-1}, "[a b c]"}, {"remove", nil, "[a b c]"}, {"move", []int{1}, "[a b c]"}, {"", nil, "[a b c]"},
	} {
		if got := fmt.Sprint(changeRow([]string{"a", "b", "c"}, test.verb, test.at)); got != test.want {
			t.Errorf("%s %v makes %s, want %s", test.verb, test.at, got, test.want)
		}
	}
	if got := indexes([]string{"1", "", "x", "22"}); !slices.Equal(got, []int{1, 0, 0, 22}) {
		t.Errorf("places are %v", got)
	}
}
