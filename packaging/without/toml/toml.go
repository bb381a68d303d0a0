// Package toml stands where gin's TOML was: nothing is read or written in it.
package toml

import (
	"errors"
	"io"
)

var errWithout = errors.New("chancery is built without TOML")

// Marshal always fails.
func Marshal(any) ([]byte, error) { return nil, errWithout }

// Decoder decodes nothing.
type Decoder struct{}

// NewDecoder makes a Decoder.
func NewDecoder(io.Reader) Decoder { return Decoder{} }

// Decode always fails.
func (Decoder) Decode(any) error { return errWithout }
