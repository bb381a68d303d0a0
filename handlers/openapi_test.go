package handlers

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"

	"github.com/invopop/jsonschema"
)

// update writes what is compared with files anew: go test ./handlers -run
// TestOpenAPI -update.
var update = flag.Bool("update", false, "write golden files anew")

// The description of the API is what the table of routes and the types of the
// answers say. It is part of the program, so that nothing is reflected upon while
// it runs.
func TestOpenAPIIsAsTheRoutesSay(t *testing.T) {
	var made bytes.Buffer
	encoder := json.NewEncoder(&made)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(describeAPI(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(made.Bytes(), openAPI) {
		t.Error("openapi.json is not what the routes and types say: go test ./handlers -run TestOpenAPI -update")
	}
}

type object = map[string]any

// describeAPI makes the description, OpenAPI 3.1.
func describeAPI(t *testing.T) object {
	d := &describer{t: t, schemas: object{}, comments: fieldComments(t, ".", "../models", "../models/status", "../press")}
	paths, named := object{}, object{}
	for _, r := range (&Server{}).table() {
		if r.operation.summary == "" {
			continue
		}
		path := pathParameter.ReplaceAllString(r.path, "{$1}")
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path].(object)[strings.ToLower(r.method)] = d.operation(r)
	}
	for _, name := range models.FilterParameters() {
		named[name] = d.parameter(name, "query", parameters[name].means, parameters[name].number)
	}
	problem := object{"application/problem+json": object{"schema": d.schema(problem{})}}
	return object{
		"openapi": "3.1.0",
		"info": object{"title": "Chancery", "version": "1.0.0",
			"description": "Every page is also data: add .json or .csv to its address, or send Accept. " +
				"Lists come as {total, items, next}. Errors are RFC 9457 problems. An unknown parameter of a list is refused with 400. " +
				"Fields are added, never renamed or removed."},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{"schemas": d.schemas, "parameters": named,
			"responses": object{
				"SignIn":    object{"description": "An account or a token that holds is needed", "content": problem},
				"Forbidden": object{"description": "The role, or the token's scope, does not allow it", "content": problem},
			},
			"securitySchemes": object{"token": object{"type": "http", "scheme": "bearer",
				"description": "A token of an account, sent as " +
					"Authorization: Bearer chy_…. Its scope is the most it may do: read, draft (what waits for review) or publish; beside it the " +
					"account's role counts. Without a token everybody reads while the register is public."}},
		},
	}
}

// A describer gathers the schemas that operations name.
type describer struct {
	t        *testing.T
	schemas  object
	comments map[string]string // by package path, type and field
}

var pathParameter = regexp.MustCompile(`:(\w+)`)

// answersMean says what a status tells.
var answersMean = map[int]string{200: "done", 201: "recorded; Location has the address",
	202: "waits for an editor; Location has the proposal's address",
	204: "withdrawn", 303: "done; leads on", 304: "nothing has changed", 400: "a parameter is bad",
	404: "nothing is recorded here",
	409: "changed meanwhile, or it cannot be done now", 410: "withdrawn", 412: "changed meanwhile", 413: "too long",
	415: "the body is not of a type that is read", 422: "fields are bad", 428: "If-Match is missing",
	429: "too many requests; Retry-After says for how long to wait", 503: "the database does not answer"}

// operation describes a route: what is said of it, and what follows from its row.
func (d *describer) operation(r route) object {
	o := object{"summary": r.operation.summary}
	var list []object
	for _, name := range pathParameter.FindAllStringSubmatch(r.path, -1) {
		list = append(list, d.parameter(name[1], "path", "", name[1] != "code" && name[1] != "pair"))
	}
	for _, asked := range r.operation.query {
		list = append(list, d.queried(asked))
	}
	switch {
	case slices.Contains(r.operation.codes, http.StatusPreconditionRequired):
		header := d.parameter("If-Match", "header", "the ETag that was read", false)
		header["required"] = true
		list = append(list, header)
	case r.method == http.MethodPost && r.path == "/agreements":
		list = append(list, d.parameter("Idempotency-Key", "header", "the same request under the same key is recorded once",
			false))
	}
	if len(list) > 0 {
		o["parameters"] = list
	}
	if body := d.body(r); body != nil {
		o["requestBody"] = body
	}
	o["responses"] = d.responses(r)
	switch scopes := map[permission]string{read: "read", draft: "draft", publish: "publish"}; r.permission {
	case always:
		o["security"] = []object{{}}
	case read:
		o["security"] = []object{{}, {"token": []string{"read"}}}
	default:
		o["security"] = []object{{"token": []string{scopes[r.permission]}}}
	}
	return o
}

// queried describes a parameter of a query: one of a filter by its name alone,
// others as their row says.
func (d *describer) queried(asked string) object {
	name, means, ok := strings.Cut(asked, ": ")
	if !ok {
		p, known := parameters[name]
		if !known {
			d.t.Errorf("the parameter %q is not in the table of parameters", name)
		}
		if slices.Contains(models.FilterParameters(), name) {
			return object{"$ref": "#/components/parameters/" + name}
		}
		return d.parameter(name, "query", p.means, p.number)
	}
	name, number := strings.CutSuffix(name, " int")
	return d.parameter(name, "query", means, number)
}

func (d *describer) parameter(name, in, means string, number bool) object {
	kind := "string"
	if number {
		kind = "integer"
	}
	p := object{"name": name, "in": in, "schema": object{"type": kind}}
	if means != "" {
		p["description"] = means
	}
	if in == "path" {
		p["required"] = true
	}
	return p
}

func (d *describer) body(r route) object {
	switch {
	case r.operation.body != nil:
		content := object{"application/json": object{"schema": d.schema(r.operation.body)}}
		if r.path == "/drafts" {
			content["text/plain"] = object{"schema": object{"type": "string"}}
		}
		return object{"required": true, "content": content}
	case r.operation.form == nil:
		return nil
	}
	kind, fields, required := "application/x-www-form-urlencoded", object{}, []string{}
	for _, field := range r.operation.form {
		name, file := strings.CutSuffix(field, " file")
		fields[name] = object{"type": "string"}
		if file {
			kind, fields[name] = "multipart/form-data", object{"type": "string", "format": "binary"}
		}
		if name == "file" {
			required = append(required, name)
		}
	}
	schema := object{"type": "object"}
	if len(fields) > 0 {
		schema["properties"] = fields
	}
	if len(required) > 0 {
		schema["required"] = required
	}
	return object{"content": object{kind: object{"schema": schema}}}
}

// responses are those of every route of a method, and those that the row names.
func (d *describer) responses(r route) object {
	o := r.operation
	codes := slices.Clone(o.codes)
	switch {
	case r.method == http.MethodGet:
		codes = append(codes, http.StatusOK, http.StatusBadRequest)
		if r.cached {
			codes = append(codes, http.StatusNotModified)
		}
	case r.method == http.MethodPut || r.path == "/drafts":
		codes = append(codes, http.StatusOK)
	case r.method == http.MethodPost && o.body == nil:
		codes = append(codes, http.StatusSeeOther, http.StatusBadRequest)
	}
	if strings.Contains(r.path, ":") {
		codes = append(codes, http.StatusNotFound)
	}
	all := object{}
	for _, code := range codes {
		answer := object{"description": answersMean[code]}
		switch {
		case code == http.StatusOK || code == http.StatusCreated:
			answer["content"] = d.content(r)
		case code == http.StatusAccepted:
			answer["content"] = object{"application/json": object{"schema": d.schema(waitingJSON{})}}
		case code == http.StatusServiceUnavailable:
			answer["content"] = object{"application/json": object{"schema": d.schema(healthJSON{})}}
		case code >= 400:
			content := object{"application/problem+json": object{"schema": d.schema(problem{})}}
			if o.form != nil && len(o.form) == 0 { // the form again, with what was typed
				content["text/html"] = object{"schema": object{"type": "string"}}
			}
			answer["content"] = content
		}
		all[strconv.Itoa(code)] = answer
	}
	if r.permission != always {
		all["401"] = object{"$ref": "#/components/responses/SignIn"}
		all["403"] = object{"$ref": "#/components/responses/Forbidden"}
	}
	return all
}

// content is what an answer can hold, by media type.
func (d *describer) content(r route) object {
	o, content := r.operation, object{}
	if !o.program && o.body == nil && (r.method == http.MethodGet || o.answer == nil) {
		content["text/html"] = object{"schema": object{"type": "string"}}
	}
	if o.answer != nil {
		content["application/json"] = object{"schema": d.schema(o.answer)}
	}
	for _, name := range o.media {
		mediaType := name
		if known, ok := mediaTypes[name]; ok {
			mediaType = known
		}
		content[mediaType] = object{"schema": object{}}
		if !strings.Contains(mediaType, "json") {
			content[mediaType] = object{"schema": object{"type": "string"}}
		}
	}
	return content
}

// A day as JSON has it.
const dayPattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"

// written are the names of fields that hold a date as written.
var written = []string{"signed", "date", "effective", "held", "valid_from", "valid_until", "published", "accessed"}

// schema describes a value's type; what has a name becomes a component.
func (d *describer) schema(value any) object {
	var types []reflect.Type
	r := jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, Namer: schemaName, Mapper: mapped,
		CommentMap: d.comments,
		Lookup: func(t reflect.Type) jsonschema.ID {
			types = append(types, t)
			return ""
		}}
	text, err := json.Marshal(r.Reflect(value))
	if err != nil {
		d.t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(`"#/$defs/`), []byte(`"#/components/schemas/`))
	var schema object
	if err := json.Unmarshal(text, &schema); err != nil {
		d.t.Fatal(err)
	}
	definitions, _ := schema["$defs"].(object)
	delete(schema, "$defs")
	delete(schema, "$schema")
	for _, t := range types {
		if definition, ok := definitions[schemaName(t)].(object); ok && t.Kind() == reflect.Struct {
			finish(t, definition)
		}
	}
	maps.Copy(d.schemas, definitions)
	return schema
}

// schemaName names a type's component: that of a page after what it tells of, where
// that has a component of its own.
func schemaName(t reflect.Type) string {
	if t.Kind() != reflect.Struct {
		return ""
	}
	name, page := strings.CutSuffix(t.Name(), "JSON")
	if kind, of, ok := strings.Cut(name, "["); ok {
		name = of[strings.LastIndex(of, ".")+1:len(of)-1] + strings.ToUpper(kind[:1]) + kind[1:]
	}
	if page && slices.Contains([]string{"meeting", "proposal", "import", "operation", "revision"}, name) {
		name += "Page"
	}
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// mapped describes what is written as another type than Go has it.
func mapped(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[edtf.Day]():
		return &jsonschema.Schema{Type: "string", Description: "ISO 8601 day, empty when open", Pattern: dayPattern}
	case reflect.TypeFor[status.Status]():
		s := &jsonschema.Schema{Type: "string"}
		for _, name := range status.StatusNames[1:] {
			s.Enum = append(s.Enum, name)
		}
		return s
	case reflect.TypeFor[models.Subject](), reflect.TypeFor[status.ActType]():
		return &jsonschema.Schema{Type: "string"}
	case reflect.TypeFor[models.Number]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "integer"}, {Type: "string"}}}
	case reflect.TypeFor[models.FactList]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Description: "joined with spaces"},
			{Type: "array", Items: &jsonschema.Schema{Type: "string"}}}}
	case reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Type: "object"}
	}
	return nil
}

// finish says of a struct's fields which can be null, and which hold a date as
// written.
func finish(t reflect.Type, definition object) {
	properties, _ := definition["properties"].(object)
	for _, field := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property, ok := properties[name].(object)
		if !ok || field.Anonymous {
			continue
		}
		if slices.Contains(written, name) && property["pattern"] == nil && property["description"] == nil &&
			property["type"] == "string" {
			property["description"] = "EDTF (ISO 8601-2), as written"
		}
		kind := field.Type.Kind()
		if options != "" || kind != reflect.Pointer && kind != reflect.Slice && kind != reflect.Map {
			continue
		}
		if one, ok := property["type"].(string); ok {
			property["type"] = []string{one, "null"}
		} else if ref := property["$ref"]; ref != nil {
			properties[name] = object{"anyOf": []object{{"$ref": ref}, {"type": "null"}}}
		}
	}
}

// fieldComments reads what is said of types and their fields in the sources of
// packages.
func fieldComments(t *testing.T, folders ...string) map[string]string {
	comments := map[string]string{}
	for _, folder := range folders {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no sources in %s (%v)", folder, err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.ToSlash(filepath.Join("chancery/handlers", folder))
			ast.Inspect(f, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						for _, name := range field.Names {
							if text := strings.Join(strings.Fields(field.Doc.Text()+field.Comment.Text()), " "); text != "" {
								comments[fmt.Sprintf("%s.%s.%s", path, spec.Name.Name, name.Name)] = text
							}
						}
					}
				}
				return true
			})
		}
	}
	return comments
}
