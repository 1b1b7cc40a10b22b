// Command vimschema prints the parts of the VIM API that a wanted list asks for, read from govmomi's
// generated Go types: the order, type and cardinality of every field come from there, never by hand.
//
// It reads a JSON array of wanted lists on stdin and prints a JSON array of schemas.
package main

import (
	"encoding/json"
	"fmt"
	"go/build"
	"go/importer"
	"go/token"
	"os"
)

// Wanted names what a schema must hold. Everything it refers to comes along.
type Wanted struct {
	Methods []string            `json:"methods"`
	Types   []string            `json:"types"`
	Objects map[string][]string `json:"objects"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "vimschema:", err)
		os.Exit(1)
	}
}

func run() error {
	var lists []Wanted
	in := json.NewDecoder(os.Stdin)
	in.DisallowUnknownFields()
	if err := in.Decode(&lists); err != nil {
		return fmt.Errorf("stdin is not a JSON array of wanted lists: %w", err)
	}
	build.Default.CgoEnabled = false
	source := importer.ForCompiler(token.NewFileSet(), "source", nil)
	types, err := source.Import("github.com/vmware/govmomi/vim25/types")
	if err != nil {
		return err
	}
	objects, err := source.Import("github.com/vmware/govmomi/vim25/mo")
	if err != nil {
		return err
	}
	schemas := make([]*Schema, 0, len(lists))
	for _, wanted := range lists {
		reader := &reader{types: types.Scope(), objects: objects.Scope(), schema: newSchema()}
		if err := reader.read(wanted); err != nil {
			return err
		}
		schemas = append(schemas, reader.schema)
	}
	return json.NewEncoder(os.Stdout).Encode(schemas)
}
