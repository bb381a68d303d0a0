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
	objects := func(yield func(line int, fields map[string]string, err error) bool) {
		text, err := open()
		if err != nil {
			yield(0, nil, err)
			return
		}
		decodeObjects(text, yield)
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

// decodeObjects reads objects, with their numbers from 1, until one cannot be read.
func decodeObjects(r io.Reader, yield func(line int, fields map[string]string, err error) bool) {
	guard := &guard{r: r, left: longestRow}
	o := objects{decoder: json.NewDecoder(guard)}
	o.decoder.UseNumber()
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
}

// next reads an object, or the beginning or end of a list, which give no fields.
func (o *objects) next() (map[string]string, error) {
	if o.inList && !o.decoder.More() {
		o.inList = false
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
