package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"chancery/models"
	"chancery/press"
)

type draftCommand struct {
	Read draftRead `cmd:"" default:"withargs" help:"Read a press report and print which agreements it says were signed, as JSON, each value with its place in the text: chancery draft report.txt"`
	Eval draftEval `cmd:"" help:"Read a folder of texts and score the reading against their truth: NNN-LANG.txt beside NNN-LANG.json."`
}

type draftRead struct {
	File      string `arg:"" help:"The report, as text; - is standard input. It may begin with lines url:, title: and date:."`
	Published string `help:"The day of the report, from which \"today\" counts." placeholder:"YYYY-MM-DD"`
}

// reader reads reports by the parties that come with the program: it needs no
// register.
func reader() (*press.Reader, error) {
	names, err := models.GazetteerNames()
	if err != nil {
		return nil, err
	}
	return press.New(names), nil
}

func (c *draftRead) Run() error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, press.Most+1)) // more is not read
	if err != nil {
		return fmt.Errorf("reading the report: %w", err)
	}
	if strings.TrimSpace(string(text)) == "" {
		return fmt.Errorf("%s has no text", c.File)
	}
	r, err := reader()
	if err != nil {
		return err
	}
	return printJSON(r.Read(press.Report{Text: string(text), Published: c.Published}))
}

func printJSON(v any) error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

type draftEval struct {
	Dir  string `arg:"" help:"The folder." type:"existingdir"`
	JSON bool   `name:"json" help:"Print {field: {precision, recall, f1}} instead of a table."`
}

func (c *draftEval) Run() error {
	r, err := reader()
	if err != nil {
		return err
	}
	e, err := press.Evaluate(r, c.Dir)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.Figures())
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	languages := e.Languages()
	fmt.Fprintf(out, "%d texts\tprecision\trecall\tF1\t", e.Texts)
	for _, l := range languages {
		fmt.Fprintf(out, "F1 %s\t", l)
	}
	fmt.Fprintln(out)
	for _, field := range append(press.ScoredFields, "all") {
		s := e.Fields[field]
		if s == nil {
			continue
		}
		fmt.Fprintf(out, "%s\t%.3f\t%.3f\t%.3f\t", field, s.Precision(), s.Recall(), s.F1())
		for _, l := range languages {
			if s := e.By[l][field]; s != nil {
				fmt.Fprintf(out, "%.3f\t", s.F1())
			} else {
				fmt.Fprint(out, "\t")
			}
		}
		fmt.Fprintln(out)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	for _, miss := range e.Misses {
		fmt.Println(miss)
	}
	return nil
}
