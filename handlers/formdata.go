package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-playground/form/v4"

	"chancery/models"
)

// mostRows is how many rows of a list a form takes: a treaty of all states has some
// twelve hundred acts.
const mostRows = 4000

var decoder = func() *form.Decoder {
	d := form.NewDecoder()
	d.SetMaxArraySize(mostRows)
	return d
}()

// decode reads a form into a draft; field names are the draft's paths:
// titles[0].text. What no form of ours sends is refused as an unreadable body.
func decode(c *gin.Context, draft any) (err error) {
	if err := c.Request.ParseForm(); err != nil {
		return received(err)
	}
	defer func() { // the decoder panics at a name such as titles[999999].text or titles[
		if p := recover(); p != nil {
			err = unreadable(fmt.Sprint(p))
		}
	}()
	if err := decoder.Decode(draft, c.Request.PostForm); err != nil {
		return unreadable(err.Error())
	}
	return nil
}

// changeRow adds a row to a list of a form, or removes one; a place that is none
// changes nothing.
func changeRow[T any](rows []T, verb string, at []int) []T {
	var empty T
	switch {
	case verb == "add":
		return append(rows, empty)
	case verb == "remove" && len(at) > 0 && at[0] >= 0 && at[0] < len(rows):
		return slices.Delete(rows, at[0], at[0]+1)
	}
	return rows
}

// indexes are places in lists, as a button of the form names them.
func indexes(texts []string) []int {
	list := make([]int, len(texts))
	for i, text := range texts {
		list[i], _ = strconv.Atoi(text)
	}
	return list
}

// formActor is who a form says makes a change, or whom the operator has set.
func (s *Server) formActor(c *gin.Context) string {
	if actor := c.PostForm("actor"); actor != "" {
		return actor
	}
	return s.config.Actor
}

// change reads who changes the register and why; somebody must stand for it.
func (s *Server) change(c *gin.Context) (models.Change, models.Invalid) {
	change := principalOf(c).change(s.actor(c.PostForm("actor")), c.PostForm("comment"))
	if change.Actor == "" {
		return change, models.Invalid{"actor": {Code: "required"}}
	}
	return change, nil
}

// actor is a name, or else the one that the operator has set.
func (s *Server) actor(name string) string {
	if name = strings.TrimSpace(name); name != "" {
		return name
	}
	return s.config.Actor
}

// client is who stands in the history for a program's change that names nobody.
func (s *Server) client(name string) string {
	if name = s.actor(name); name != "" {
		return name
	}
	return "API"
}
