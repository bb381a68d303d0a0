// Package edtf reads dates as precise as a record knows them, in EDTF (ISO
// 8601-2:2019, level 1 and a few forms of level 2), and counts in whole calendar
// days, without time zones. It is pure and imports nothing of Chancery.
package edtf
