package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// completionScripts have a shell ask the program itself what may come next, in the
// way that bash's "complete -C" asks.
var completionScripts = map[string]string{
	"bash": "complete -o default -o bashdefault -C chancery chancery\n",
	"zsh": "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" +
		"complete -o default -o bashdefault -C chancery chancery\n",
	"fish": "complete -c chancery -a '(env COMP_LINE=(commandline -cp) chancery)'\n",
}

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints what the shell's start file is to hold.
func (c completionCommand) Run() error {
	_, err := fmt.Print(completionScripts[c.Shell])
	return err
}

// answerShell prints what may stand where the cursor is, if a shell asks that.
func answerShell(root *kong.Node) (asked bool) {
	line, asked := os.LookupEnv("COMP_LINE")
	if !asked {
		return false
	}
	if point, err := strconv.Atoi(os.Getenv("COMP_POINT")); err == nil && point >= 0 && point < len(line) {
		line = line[:point]
	}
	for _, word := range completions(root, line) {
		fmt.Println(word)
	}
	return true
}

// completions are the words that may follow on a line, in order: commands that come
// next, flags where one is begun, the values of what takes only some.
func completions(root *kong.Node, line string) (words []string) {
	given := strings.Fields(line)
	begun := ""
	if len(given) > 0 && !strings.HasSuffix(line, " ") {
		begun = given[len(given)-1]
		given = given[:len(given)-1]
	}
	node, flags := root, slices.Clone(root.Flags)
	positional := 0
	for at, word := range given {
		if at == 0 || strings.HasPrefix(word, "-") || at > 1 && valued(flags, given[at-1]) != nil {
			continue
		}
		next := child(node, word)
		switch {
		case next != nil:
			node, flags = next, append(flags, next.Flags...)
		case positional < len(node.Positional):
			positional++
		default:
			return nil
		}
	}
	if len(given) > 1 {
		if flag := valued(flags, given[len(given)-1]); flag != nil {
			return beginning(flag.EnumSlice(), begun)
		}
	}
	if strings.HasPrefix(begun, "-") {
		for _, flag := range flags {
			if !flag.Hidden {
				words = append(words, "--"+flag.Name)
			}
		}
		return beginning(words, begun)
	}
	for _, next := range node.Children {
		if !next.Hidden {
			words = append(words, next.Name)
		}
	}
	if positional < len(node.Positional) {
		words = append(words, node.Positional[positional].EnumSlice()...)
	}
	return beginning(words, begun)
}

func child(node *kong.Node, name string) *kong.Node {
	for _, next := range node.Children {
		if next.Name == name {
			return next
		}
	}
	return nil
}

// valued is the flag of a name that takes a value, or nil.
func valued(flags []*kong.Flag, word string) *kong.Flag {
	for _, flag := range flags {
		if !flag.IsBool() && (word == "--"+flag.Name || flag.Short != 0 && word == "-"+string(flag.Short)) {
			return flag
		}
	}
	return nil
}

func beginning(words []string, begun string) []string {
	words = slices.DeleteFunc(words, func(word string) bool { return word == "" || !strings.HasPrefix(word, begun) })
	slices.Sort(words)
	return words
}
