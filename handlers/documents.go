package handlers

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/models"

	"github.com/gabriel-vasile/mimetype"
	"github.com/gin-gonic/gin"
)

// uploadTime is how long one file may take to come.
const uploadTime = 10 * time.Minute

const (
	docxType    = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sniffed     = 8 << 10   // of a file's beginning, in bytes
	mostInZip   = 200 << 20 // what a DOCX may be unpacked, in bytes
	mostEntries = 5000
)

// documentTypes are the media types that are taken.
var documentTypes = []string{"application/pdf", docxType, "text/plain", "image/png", "image/jpeg", "image/gif",
	"image/webp", "image/tiff"}

// addDocument serves POST /agreements/:id/documents, a form with the fields
// language and file.
func (s agreementPages) addDocument(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	if s.config.Files == nil {
		return models.ErrNotFound
	}
	if _, err := s.store.Agreement(c.Request.Context(), id); err != nil { // before the file is read
		return err
	}
	s.allowTime(c)
	folder, err := os.MkdirTemp("", "chancery-upload-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	up, err := s.receive(c, folder)
	if err != nil {
		return err
	}
	if err := s.keepFile(c.Request.Context(), up); err != nil {
		return err
	}
	change := principalOf(c).change(s.actor(up.fields["actor"]), up.fields["comment"])
	if change.Actor == "" {
		return models.Invalid{"actor": {Code: "required"}}
	}
	added, err := s.store.Documents().AddDocument(c.Request.Context(), id, up.Document, change)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		c.Header("Location", fmt.Sprintf("%s/documents/%d", components.AgreementAddress(id), added.ID))
		return writeJSON(c, http.StatusCreated, added)
	}
	c.Redirect(http.StatusSeeOther, components.AgreementAddress(id)+"#documents")
	return nil
}

// allowTime gives an upload its own time: a long file over a slow line takes longer
// than other requests may.
func (s agreementPages) allowTime(c *gin.Context) {
	if err := http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(uploadTime)); err != nil {
		s.config.Log.Debug("an upload has no time of its own", "error", err)
	}
}

// An upload is a file that was received.
type upload struct {
	models.Document
	path   string
	fields map[string]string
}

// receive streams the parts of a form to the disk; the last file counts.
func (s agreementPages) receive(c *gin.Context, folder string) (*upload, error) {
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return nil, errMediaType
	}
	up := &upload{fields: map[string]string{}}
	for range 20 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, received(err)
		}
		if part.FileName() == "" {
			value, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return nil, received(err)
			}
			up.fields[part.FormName()] = withoutNUL(strings.TrimSpace(string(value)))
			continue
		}
		up.Name = part.FileName()
		if err := s.receiveFile(part, up, filepath.Join(folder, "file")); err != nil {
			return nil, err
		}
	}
	up.Language = up.fields["language"]
	if up.path == "" {
		return nil, models.Invalid{"file": {Code: "required"}}
	}
	up.Words, err = s.wordsIn(c.Request.Context(), up)
	return up, err
}

// receiveFile takes in the file of a form up to the longest that is kept, and
// tells its type by its bytes, not by its name.
func (s agreementPages) receiveFile(part io.Reader, up *upload, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(part, s.config.Files.Most+1))
	if err != nil {
		return received(err)
	}
	if n > s.config.Files.Most {
		return &http.MaxBytesError{Limit: s.config.Files.Most}
	}
	up.path, up.Size, up.SHA256 = path, n, hex.EncodeToString(sum.Sum(nil))
	up.MediaType, err = sniff(file, n)
	return err
}

// sniff tells by a file's content what it is, whatever its name says, and refuses
// what is not taken.
func sniff(file *os.File, size int64) (string, error) {
	refused := func(code string, args ...string) error {
		p := models.Problem{Code: code, Args: map[string]string{}}
		for i := 0; i+1 < len(args); i += 2 {
			p.Args[args[i]] = args[i+1]
		}
		return models.Invalid{"file": p}
	}
	if size == 0 {
		return "", refused("document_empty")
	}
	head := make([]byte, sniffed)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	found := mimetype.Detect(head)
	mediaType := ""
	for _, taken := range documentTypes {
		if found.Is(taken) {
			mediaType = taken
		}
	}
	switch mediaType {
	case "":
		return "", refused("document_type", "value", found.String())
	case "application/pdf": // it begins as one, so that it is nothing else as well
		if !bytes.HasPrefix(head, []byte("%PDF-")) {
			return "", refused("document_type", "value", "PDF")
		}
	case docxType:
		if err := checkZip(file, size); err != nil {
			return "", refused("document_broken", "why", err.Error())
		}
	}
	return mediaType, nil
}

// checkZip refuses an archive that unpacks to far more than it is, by what it says
// of itself; nothing is unpacked.
func checkZip(file io.ReaderAt, size int64) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	if len(archive.File) > mostEntries {
		return fmt.Errorf("%d parts", len(archive.File))
	}
	var total uint64
	for _, f := range archive.File {
		if total += f.UncompressedSize64; total > mostInZip || f.UncompressedSize64 > mostInZip {
			return fmt.Errorf("unpacks to more than %d MB", mostInZip>>20)
		}
	}
	return nil
}

// wordsIn reads what a document says. One that cannot be read is refused, one
// without words is kept.
func (s agreementPages) wordsIn(ctx context.Context, up *upload) (string, error) {
	if s.config.Files.Words == nil || up.MediaType != "application/pdf" && up.MediaType != "text/plain" {
		return "", nil
	}
	words, err := s.config.Files.Words(ctx, up.path, up.MediaType)
	if err != nil {
		s.config.Log.Warn("a document could not be read", "type", up.MediaType, "size", up.Size, "error", err)
		return "", models.Invalid{"file": {Code: "document_broken",
			Args: map[string]string{"why": firstBytes(err.Error(), 120)}}}
	}
	return words, nil
}

func fileKey(sum string) string { return exchange.FileKey(sum) }

// keepFile copies a received file to where documents lie, under its SHA-256; what
// is there already is the same, or damaged.
func (s agreementPages) keepFile(ctx context.Context, up *upload) error {
	file, err := os.Open(up.path)
	if err != nil {
		return err
	}
	defer file.Close()
	return s.config.Files.Bucket.Keep(ctx, fileKey(up.SHA256), file, up.Size, up.MediaType)
}

// showDocument serves GET /agreements/:id/documents/:document as a download that no
// page of ours shares anything with.
func (s agreementPages) showDocument(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	n, err := number(c, "document")
	if err != nil {
		return err
	}
	if s.config.Files == nil {
		return models.ErrNotFound
	}
	ctx := c.Request.Context()
	if _, err := s.store.Agreement(ctx, id); err != nil { // withdrawn with its documents
		return err
	}
	d, err := s.store.Documents().Document(ctx, id, n)
	if err != nil {
		return err
	}
	reader, err := s.config.Files.Bucket.Open(ctx, fileKey(d.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the file %s is not where it should be: %w", d.SHA256, err)
	}
	if err != nil {
		return err
	}
	defer reader.Close()
	h := c.Writer.Header()
	h.Set("Content-Type", d.MediaType)
	if d.MediaType == "text/plain" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	if h.Get("Content-Disposition") == "" {
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(d.Name))
	}
	h.Set("Content-Length", strconv.FormatInt(d.Size, 10))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+d.SHA256+`"`)
	c.Status(http.StatusOK)
	_, err = io.Copy(c.Writer, reader)
	return err
}

// removeDocument serves POST /agreements/:id/documents/:document/remove.
func (s agreementPages) removeDocument(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	n, err := number(c, "document")
	if err != nil {
		return err
	}
	change := principalOf(c).change(s.actor(c.PostForm("actor")), c.PostForm("comment"))
	if change.Actor == "" {
		return models.Invalid{"actor": {Code: "required"}}
	}
	if err := s.store.Documents().RemoveDocument(c.Request.Context(), id, n, change); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, components.AgreementAddress(id)+"#documents")
	return nil
}
