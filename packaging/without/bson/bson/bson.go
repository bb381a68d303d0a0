// Package bson stands where gin's BSON was: nothing is read or written in it.
package bson

import "errors"

var errWithout = errors.New("chancery is built without BSON")

// Marshal always fails.
func Marshal(any) ([]byte, error) { return nil, errWithout }

// Unmarshal always fails.
func Unmarshal([]byte, any) error { return errWithout }
