package models_test

import (
	"net/url"
	"reflect"
	"testing"

	"chancery/models"
	"chancery/models/edtf"
)

const today edtf.Day = "2026-11-23"

func TestAFilterPrintsBackToItsQuery(t *testing.T) {
	for _, query := range []string{"", "pair=BY-RU", "kind=plan&kind=treaty&on=2026-06-01&status=in-force",
		"from=1990&until=2000-05&text=fisheries&scope=bilateral&level=interagency",
		"party=BY&predecessors=1&event=signature&limit=10", "agreement=7&meeting=3"} {
		q, _ := url.ParseQuery(query)
		f, err := models.ParseFilter(q, today)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		again, err := models.ParseFilter(f.Values(today), today)
		if err != nil || !reflect.DeepEqual(f, again) {
			t.Errorf("%s: %+v, then %+v (%v)", query, f, again, err)
		}
		if got := f.Values(today).Encode(); got != q.Encode() {
			t.Errorf("%s prints as %s", query, got)
		}
	}
	if f, err := models.ParseFilter(url.Values{"pair": {"ru-by"}}, today); err != nil || f.Pair != [2]string{"BY", "RU"} {
		t.Errorf("%+v %v", f, err)
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, q := range []string{"pair=BY-RU&on=2026-06-01", "after=eA", "from=196X&until=..", "limit=99999999999999999999",
		"status=,,in-force"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		filter, err := models.ParseFilter(q, today)
		if err != nil {
			return
		}
		again, err := models.ParseFilter(filter.Values(today), today)
		if err != nil || !reflect.DeepEqual(filter, again) {
			t.Fatalf("%q: %+v, then %+v (%v)", text, filter, again, err)
		}
	})
}
