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
	decoder := json.NewDecoder(guard)
	decoder.UseNumber()
	line := 0
	failed := func(err error) {
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, errLongRow):
			err = refused("file_long_row", "line", strconv.Itoa(line+1), "limit", strconv.Itoa(longestRow>>20))
		case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
			err = refused("file_json", "line", strconv.Itoa(line+1), "reason", err.Error())
		}
		yield(line+1, nil, err)
	}
	inList := false
	for {
		guard.left = longestRow
		if inList && !decoder.More() {
			if _, err := decoder.Token(); err != nil {
				failed(err)
				return
			}
			inList = false
			continue
		}
		var raw json.RawMessage
		if line == 0 && !inList { // a list begins, or the first object
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				failed(err)
				return
			}
			if token == json.Delim('[') {
				inList = true
				continue
			}
			if token != json.Delim('{') {
				failed(refused("file_json", "line", "1", "reason", fmt.Sprint(token)))
				return
			}
			fields := map[string]string{}
			if err := readMembers(decoder, fields); err != nil {
				failed(err)
				return
			}
			if line++; !yield(line, fields, nil) {
				return
			}
			continue
		}
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) && !inList {
			return
		}
		if err != nil {
			failed(err)
			return
		}
		var value map[string]any
		if err := decodeObject(raw, &value); err != nil {
			failed(refused("file_json", "line", strconv.Itoa(line+1), "reason", err.Error()))
			return
		}
		fields := map[string]string{}
		if err := flatten("", value, fields, 0); err != nil {
			failed(err)
			return
		}
		if line++; !yield(line, fields, nil) {
			return
		}
	}
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
