package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// deepest is how far objects may stand within each other.
const deepest = 12

// openJSON takes a list of objects, or objects one after another (JSON Lines). A
// list of texts within an object becomes one cell, its items joined with a
// semicolon; an object within one gives columns such as "source.url".
func (f *File) openJSON(open func() (io.Reader, error)) error {
	wrapped, err := f.wrapping(open)
	if err != nil {
		return err
	}
	objects := func(yield func(line int, fields map[string]string, err error) bool) {
		text, err := open()
		if err != nil {
			yield(0, nil, err)
			return
		}
		decodeObjects(text, wrapped, yield)
	}
	var first error
	n := 0
	objects(func(line int, fields map[string]string, err error) bool {
		if err != nil {
			first = err
			return false
		}
		n++
		for name := range fields {
			if !slices.Contains(f.Columns, name) {
				f.Columns = append(f.Columns, name)
			}
		}
		if len(f.Columns) > mostColumns {
			first = refused("file_columns", "limit", strconv.Itoa(mostColumns))
		}
		return first == nil
	})
	if n == 0 && first != nil || len(f.Columns) > mostColumns {
		return first
	}
	if n == 0 {
		return refused("file_empty")
	}
	slices.Sort(f.Columns)
	place := map[string]int{}
	for i, name := range f.Columns {
		place[name] = i
	}
	f.rows = func(yield func(Row, error) bool) {
		objects(func(line int, fields map[string]string, err error) bool {
			if err != nil {
				return yield(Row{Line: line}, err)
			}
			row := Row{Line: line, Cells: make([]string, len(f.Columns))}
			for name, value := range fields {
				row.Cells[place[name]] = value
			}
			return yield(f.fit(row), nil)
		})
	}
	return nil
}

// mostWrapped is how much of a file is looked at to find out whether its objects are
// wrapped in another, in bytes.
const mostWrapped = 64 << 20

// wrapping is the path to the list of objects that a file holds within one object,
// such as the answer of a server; empty where the objects are the file's own.
func (f *File) wrapping(open func() (io.Reader, error)) ([]string, error) {
	text, err := open()
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(io.LimitReader(text, mostWrapped))
	token, err := decoder.Token()
	if err != nil || token != json.Delim('{') {
		return nil, nil
	}
	lists := map[string]int{}
	if countLists(decoder, "", 0, lists) != nil {
		return nil, nil // it is told where the objects are read
	}
	if decoder.More() { // objects one after another
		return nil, nil
	}
	best, most, all := "", 1, 0
	for path, n := range lists {
		if all += n; n > most || n == most && path < best {
			best, most = path, n
		}
	}
	if best == "" || most*10 < all*6 && !slices.Contains(usualLists, best[strings.LastIndex(best, "\x00")+1:]) {
		return nil, nil
	}
	return strings.Split(strings.TrimPrefix(best, "\x00"), "\x00"), nil
}

// usualLists are what the list of records is called in an answer.
var usualLists = strings.Fields("records items results data rows agreements treaties features value values entries list")

// countLists counts the objects of every list within an object of which the brace
// was read.
func countLists(decoder *json.Decoder, path string, depth int, lists map[string]int) error {
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		here := path + "\x00" + fmt.Sprint(name)
		token, err := decoder.Token()
		switch {
		case err != nil:
			return err
		case token == json.Delim('{') && depth < 3:
			if err := countLists(decoder, here, depth+1, lists); err != nil {
				return err
			}
		case token == json.Delim('{'):
			if err := skipTo(decoder, 1); err != nil {
				return err
			}
		case token == json.Delim('['):
			n := 0
			for decoder.More() {
				item, err := decoder.Token()
				if err != nil {
					return err
				}
				if item == json.Delim('{') {
					n++
				}
				if delim, opens := item.(json.Delim); opens && (delim == '{' || delim == '[') {
					if err := skipTo(decoder, 1); err != nil {
						return err
					}
				}
			}
			if _, err := decoder.Token(); err != nil {
				return err
			}
			if n > 1 {
				lists[here] = n
			}
		}
	}
	_, err := decoder.Token()
	return err
}

// skipTo goes on until so many braces and brackets have closed.
func skipTo(decoder *json.Decoder, depth int) error {
	for depth > 0 {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// goTo goes on to the list at a path, of which the next token is its first object.
func goTo(decoder *json.Decoder, path []string) error {
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		if fmt.Sprint(name) == path[0] {
			if len(path) > 1 {
				return goTo(decoder, path[1:])
			}
			_, err := decoder.Token()
			return err
		}
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		if delim, opens := token.(json.Delim); opens && (delim == '{' || delim == '[') {
			if err := skipTo(decoder, 1); err != nil {
				return err
			}
		}
	}
	return io.ErrUnexpectedEOF
}

// decodeObjects reads objects, with their numbers from 1, until one cannot be read:
// those of the list at a path, or of the file.
func decodeObjects(r io.Reader, wrapped []string, yield func(line int, fields map[string]string, err error) bool) {
	guard := &guard{r: r, left: longestRow}
	o := objects{decoder: json.NewDecoder(guard)}
	o.decoder.UseNumber()
	if len(wrapped) > 0 {
		guard.left = mostWrapped
		if err := goTo(o.decoder, wrapped); err != nil {
			yield(1, nil, o.explain(err))
			return
		}
		o.inList, o.wrapped = true, true
	}
	for {
		guard.left = longestRow
		fields, err := o.next()
		if errors.Is(err, io.EOF) && fields == nil && o.ended {
			return
		}
		if err != nil {
			yield(o.read+1, nil, o.explain(err))
			return
		}
		if fields == nil { // a list began or ended
			continue
		}
		if o.read++; !yield(o.read, fields, nil) {
			return
		}
	}
}

// Objects are those of a file: in a list, or one after the other.
type objects struct {
	decoder *json.Decoder
	read    int  // how many were
	inList  bool // a list has begun and not ended
	ended   bool // the file ended where it may
	wrapped bool // what follows the list is not read
}

// next reads an object, or the beginning or end of a list, which give no fields.
func (o *objects) next() (map[string]string, error) {
	if o.inList && !o.decoder.More() {
		o.inList = false
		if o.wrapped {
			o.ended = true
			return nil, io.EOF
		}
		_, err := o.decoder.Token()
		return nil, err
	}
	if o.read == 0 && !o.inList {
		return o.first()
	}
	var raw json.RawMessage
	if err := o.decoder.Decode(&raw); err != nil {
		o.ended = errors.Is(err, io.EOF) && !o.inList
		return nil, err
	}
	var value map[string]any
	if err := decodeObject(raw, &value); err != nil {
		return nil, refused("file_json", "line", strconv.Itoa(o.read+1), "reason", err.Error())
	}
	fields := map[string]string{}
	return fields, flatten("", value, fields, 0)
}

// first reads what a file begins with: a list, or the members of an object, which
// may be longer than is kept of one.
func (o *objects) first() (map[string]string, error) {
	token, err := o.decoder.Token()
	switch {
	case err != nil:
		o.ended = errors.Is(err, io.EOF)
		return nil, err
	case token == json.Delim('['):
		o.inList = true
		return nil, nil
	case token != json.Delim('{'):
		return nil, refused("file_json", "line", "1", "reason", fmt.Sprint(token))
	}
	fields := map[string]string{}
	return fields, readMembers(o.decoder, fields)
}

// explain says of a file that is not JSON where it is not.
func (o *objects) explain(err error) error {
	var syntax *json.SyntaxError
	line := strconv.Itoa(o.read + 1)
	switch {
	case errors.Is(err, errLongRow):
		return refused("file_long_row", "line", line, "limit", strconv.Itoa(longestRow>>20))
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refused("file_json", "line", line, "reason", err.Error())
	}
	return err
}

func decodeObject(raw json.RawMessage, into *map[string]any) error {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// readMembers reads the rest of an object of which the brace was read.
func readMembers(decoder *json.Decoder, fields map[string]string) error {
	value := map[string]any{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var member any
		if err := decoder.Decode(&member); err != nil {
			return err
		}
		value[fmt.Sprint(name)] = member
	}
	if _, err := decoder.Token(); err != nil {
		return err
	}
	return flatten("", value, fields, 0)
}

func flatten(path string, value any, fields map[string]string, depth int) error {
	if depth > deepest {
		return refused("file_deep", "limit", strconv.Itoa(deepest))
	}
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if err := flatten(strings.TrimPrefix(path+"."+name, "."), inner, fields, depth+1); err != nil {
				return err
			}
		}
	case []any:
		var texts []string
		for i, item := range v {
			switch item.(type) {
			case map[string]any, []any:
				if err := flatten(path+"["+strconv.Itoa(i)+"]", item, fields, depth+1); err != nil {
					return err
				}
			case nil:
			default:
				texts = append(texts, fmt.Sprint(item))
			}
		}
		if len(texts) > 0 {
			fields[path] = strings.Join(texts, "; ")
		}
	case nil:
		fields[path] = ""
	default:
		fields[path] = fmt.Sprint(v)
	}
	return nil
}
