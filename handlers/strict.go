package handlers

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"chancery/models"
)

// refuseUnknownFields tells which field of a JSON text is none of what some types
// hold: a mistyped name would lose what it says without a word. What is not JSON is
// left to who reads it.
func refuseUnknownFields(text []byte, of ...any) error {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return nil
	}
	types := make([]reflect.Type, len(of))
	for i, v := range of {
		types[i] = reflect.TypeOf(v)
	}
	if field := unknownField(value, "", types); field != "" {
		return models.Invalid{field: {Code: "unknown_field"}}
	}
	return nil
}

// unknownField is the path of the first field that no type has, by the alphabet;
// empty where all are known.
func unknownField(value any, path string, types []reflect.Type) string {
	switch value := value.(type) {
	case []any:
		var items []reflect.Type
		for _, t := range types {
			if t.Kind() == reflect.Slice {
				items = append(items, bare(t.Elem()))
			}
		}
		for i, item := range value {
			if field := unknownField(item, fmt.Sprintf("%s[%d]", path, i), items); field != "" {
				return field
			}
		}
	case map[string]any:
		known := map[string][]reflect.Type{}
		structs := false
		for _, t := range types {
			if t.Kind() == reflect.Struct {
				structs = true
				fieldsOf(t, known)
			}
		}
		if !structs { // a map of anything, or a text that is read otherwise
			return ""
		}
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			within := strings.TrimPrefix(path+"."+name, ".")
			fields, there := known[strings.ToLower(name)]
			if !there {
				return within
			}
			if field := unknownField(value[name], within, fields); field != "" {
				return field
			}
		}
	}
	return ""
}

// fieldsOf adds the fields of a struct by the names that JSON has for them, those of
// embedded ones among them.
func fieldsOf(t reflect.Type, known map[string][]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := bare(f.Type)
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "" && of.Kind() == reflect.Struct:
			fieldsOf(of, known)
		default:
			if name == "" {
				name = f.Name
			}
			key := strings.ToLower(name)
			known[key] = append(known[key], of)
		}
	}
}

// bare is what a pointer points to.
func bare(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
