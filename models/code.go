package models

import (
	"database/sql/driver"

	"chancery/models/edtf"
)

// A Code names a party, or none: the database holds an empty one as NULL.
type Code string

// Value writes an empty code as NULL.
func (c Code) Value() (driver.Value, error) { return edtf.Day(c).Value() }

// Scan reads NULL as an empty code.
func (c *Code) Scan(v any) error { return (*edtf.Day)(c).Scan(v) }
