package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mostFurther is how many further values a record has.
const mostFurther = 200

// A FurtherValue is what a source says beside what the register has fields for, such as
// a column of a table, under the name that the source gives it.
type FurtherValue struct {
	Name  string `json:"name" form:"name" max:"200"`
	Value string `json:"value" form:"value" max:"4000"`
}

// A FurtherList is kept as one text.
type FurtherList []FurtherValue

// Value writes the list as JSON, nothing where it is empty.
func (l FurtherList) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "", nil
	}
	text, err := json.Marshal([]FurtherValue(l))
	return string(text), err
}

// Scan reads what Value writes.
func (l *FurtherList) Scan(v any) error { return scanList(v, (*[]FurtherValue)(l)) }

// scanList reads a list that is kept as one text.
func scanList[T any](v any, into *[]T) error {
	*into = nil
	switch v := v.(type) {
	case string:
		if v != "" {
			return json.Unmarshal([]byte(v), into)
		}
	case []byte:
		if len(v) > 0 {
			return json.Unmarshal(v, into)
		}
	}
	return nil
}

// tidyFurther drops values that say nothing, and gives what has no name one.
func (d *AgreementDraft) tidyFurther() {
	for i := range d.Further {
		f := &d.Further[i]
		f.Name, f.Value = oneLine(f.Name), strings.TrimSpace(f.Value)
	}
	d.Further = slices.DeleteFunc(d.Further, func(f FurtherValue) bool { return f.Value == "" })
	if len(d.Further) == 0 {
		d.Further = nil
	}
}

// takeFurther puts what is said under a name in place of all that was said under it.
func (d *AgreementDraft) takeFurther(from FurtherList) {
	var list FurtherList
	taken := map[string]bool{}
	take := func(name string) {
		for _, f := range from {
			if f.Name == name && !taken[name] {
				list = append(list, f)
			}
		}
		taken[name] = true
	}
	for _, f := range d.Further {
		if slices.ContainsFunc(from, func(o FurtherValue) bool { return o.Name == f.Name }) {
			take(f.Name)
		} else {
			list = append(list, f)
		}
	}
	for _, f := range from {
		take(f.Name)
	}
	d.Further = list
}

// buildFurther sees that every value has a name, and that they are not too many.
func buildFurther(d *AgreementDraft, problems Invalid) FurtherList {
	for i, f := range d.Further {
		if f.Name == "" {
			problems.add(fmt.Sprintf("further[%d].name", i), "required")
		}
	}
	if len(d.Further) > mostFurther {
		problems.add("further", "too_many", "limit", strconv.Itoa(mostFurther))
	}
	return d.Further
}
