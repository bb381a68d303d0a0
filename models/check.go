package models

import (
	"errors"
	"slices"
	"strings"

	"chancery/models/edtf"
)

// oneOf is a value of a closed list; what is none is a problem of the field.
func oneOf(value string, list []string, field string, problems Invalid) string {
	if !slices.Contains(list, value) {
		problems.add(field, "choice", "value", value, "choices", strings.Join(list, ", "))
	}
	return value
}

// readDate reads an optional date, and notes what is wrong with it.
func readDate(written, field string, interval bool, problems Invalid) (edtf.Date, bool) {
	if written == "" {
		return edtf.Date{}, false
	}
	parse := edtf.ParsePoint
	if interval {
		parse = edtf.ParseDate
	}
	d, err := parse(written)
	var refused *edtf.DateError
	if errors.As(err, &refused) {
		problems.add(field, "date_"+refused.Code, "value", written)
		return edtf.Date{}, false
	}
	return d, true
}
