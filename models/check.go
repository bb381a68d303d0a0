package models

import (
	"slices"
	"strings"
)

// oneOf is a value of a closed list; what is none is a problem of the field.
func oneOf(value string, list []string, field string, problems Invalid) string {
	if !slices.Contains(list, value) {
		if value == "" {
			problems.add(field, "required")
			return value
		}
		problems.add(field, "choice", "value", value, "choices", strings.Join(list, ", "))
	}
	return value
}
