// Package ics writes iCalendar files (RFC 5545): lines that are folded and texts that are escaped.
package ics

import (
	"strings"
	"unicode/utf8"
)

// Calendar writes the lines of an iCalendar file; the zero value is empty.
type Calendar struct{ strings.Builder }

// lineBytes is after how many bytes a line is folded.
const lineBytes = 75

// Line writes one line, folded between characters.
func (c *Calendar) Line(s string) {
	for room := lineBytes; len(s) > room; room = lineBytes - 1 {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		c.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
	}
	c.WriteString(s + "\r\n")
}

var calendarEscapes = strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\n", "\\n", "\r", "")

// Text writes a property whose value people wrote.
func (c *Calendar) Text(name, value string) { c.Line(name + ":" + calendarEscapes.Replace(value)) }
