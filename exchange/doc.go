// Package exchange holds the formats in which records come in and go out: a file a
// format. Formats is the one list of what goes out, with endings and media types;
// writers take what they write as a sequence and hold one record at a time. What
// comes in is read by package sheet, understood by a mapping (Guess proposes one),
// and recorded by an Intake.
package exchange
