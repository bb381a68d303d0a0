// Package status says what holds, for whom, on which day: it computes from the
// facts of a record, by pure functions, where the agreement and each of its parties
// stand. Nothing else decides that.
package status
