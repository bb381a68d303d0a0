package handlers

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"chancery/frontend/pages"
	"chancery/models"
)

// listOperations serves GET /operations.
func (s importPages) listOperations(c *gin.Context) error {
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	list, err := s.store.Bulk().Operations(c.Request.Context(), before, importsPerPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > importsPerPage {
		list = list[:importsPerPage]
		next = fmt.Sprint(list[importsPerPage-1].ID)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	v, err := s.view(c, tr(c, "operations.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Operations(v, list, next))
}

// showOperation serves GET /operations/:id.
func (s importPages) showOperation(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	op, counts, err := s.store.Bulk().Operation(ctx, id)
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	list, err := s.store.Bulk().ChangedBy(ctx, id, after, models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = fmt.Sprint(list[models.PageSize-1].AgreementID)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, operationJSON{op, counts, list})
	}
	v, err := s.view(c, op.Title, nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.OneOperation(v, op, counts, list, next))
}

// undoOperation serves POST /operations/:id/undo. A small one is undone at once.
func (s importPages) undoOperation(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	op, _, err := s.store.Bulk().Operation(ctx, id)
	if err != nil {
		return err
	}
	if err := s.store.Bulk().AskUndo(ctx, id, principalOf(c).change(s.actor(op.Actor), "")); err != nil {
		return err
	}
	for range 2 {
		if all, err := s.store.Bulk().UndoStep(ctx, id); err != nil || all {
			break // the importer goes on
		}
	}
	s.wakeImporter()
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/operations/%d", id))
	return nil
}
