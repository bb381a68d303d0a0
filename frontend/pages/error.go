package pages

import (
	"net/url"
	"slices"
	"strings"

	"chancery/models"
)

// An ErrorView is what a page says of something that went wrong.
type ErrorView struct {
	Title, Help string
	Reference   string // under which the log has the cause
	Problems    models.Invalid
	Again       *Again
}

// Again is a form that can be sent once more.
type Again struct {
	Action string
	Values url.Values
}

// A Sent is a value of such a form.
type Sent struct{ Name, Value string }

// Fields lists the values, by name.
func (a *Again) Fields() (list []Sent) {
	for name, values := range a.Values {
		for _, value := range values {
			list = append(list, Sent{name, value})
		}
	}
	slices.SortStableFunc(list, func(a, b Sent) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// Typed tells what a person wrote from what the form brought along.
func (s Sent) Typed() bool {
	return s.Value != "" && !slices.Contains([]string{"key", "version", "do"}, s.Name)
}
