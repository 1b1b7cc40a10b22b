package main

import (
	"fmt"
	"go/types"
	"reflect"
	"sort"
	"strings"
)

// Field is name, type and cardinality: "" required, "?" optional, "*" any number.
type Field [3]string

type Method struct {
	Request     []Field `json:"request"`
	Result      string  `json:"result"`
	ResultArray bool    `json:"resultArray"`
}

type Type struct {
	Extends string  `json:"extends"`
	Fields  []Field `json:"fields"`
}

type Schema struct {
	Methods map[string]Method            `json:"methods"`
	Types   map[string]Type              `json:"types"`
	Enums   []string                     `json:"enums"`
	Objects map[string]map[string]string `json:"objects"`
}

func newSchema() *Schema {
	return &Schema{
		Methods: map[string]Method{},
		Types:   map[string]Type{},
		Enums:   []string{},
		Objects: map[string]map[string]string{},
	}
}

type reader struct {
	types, objects *types.Scope
	schema         *Schema
}

func (r *reader) read(wanted Wanted) error {
	for _, name := range wanted.Methods {
		if err := r.addMethod(name); err != nil {
			return err
		}
	}
	for _, name := range wanted.Types {
		if err := r.addType(name); err != nil {
			return err
		}
	}
	for name, paths := range wanted.Objects {
		properties := map[string]string{}
		for _, path := range paths {
			kind, err := r.property(name, path)
			if err != nil {
				return err
			}
			properties[path] = kind
		}
		r.schema.Objects[name] = properties
	}
	sort.Strings(r.schema.Enums)
	return nil
}

func (r *reader) addMethod(name string) error {
	request, err := lookup(r.types, name)
	if err != nil {
		return err
	}
	response, err := lookup(r.types, name+"Response")
	if err != nil {
		return err
	}
	method := Method{Request: []Field{}}
	if method.Request, err = r.fields(request); err != nil {
		return err
	}
	result, err := r.fields(response)
	if err != nil {
		return err
	}
	if len(result) > 0 {
		method.Result = result[0][1]
		method.ResultArray = result[0][2] == "*"
	}
	r.schema.Methods[name] = method
	return nil
}

// addType takes a type into the schema, and with it what its fields and ancestors refer to.
func (r *reader) addType(name string) error {
	if _, seen := r.schema.Types[name]; seen || name == reference || strings.HasPrefix(name, "xsd:") {
		return nil
	}
	named, err := lookup(r.types, name)
	if err != nil {
		return err
	}
	if basic, ok := named.Underlying().(*types.Basic); ok && basic.Kind() == types.String {
		for _, enum := range r.schema.Enums {
			if enum == name {
				return nil
			}
		}
		r.schema.Enums = append(r.schema.Enums, name)
		return nil
	}
	r.schema.Types[name] = Type{} // seen: types may refer to themselves
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return fmt.Errorf("%s is neither an enum nor a data object", name)
	}
	extends := ""
	if structure.NumFields() > 0 && structure.Field(0).Embedded() {
		extends = structure.Field(0).Name()
		if err := r.addType(extends); err != nil {
			return err
		}
	}
	fields, err := r.fields(named)
	if err != nil {
		return err
	}
	r.schema.Types[name] = Type{Extends: extends, Fields: fields}
	return nil
}

// fields lists every field of a data object, inherited ones first, as they go over the wire.
func (r *reader) fields(of types.Type) ([]Field, error) {
	structure, ok := of.Underlying().(*types.Struct)
	if !ok {
		return nil, fmt.Errorf("%s is not a data object", of)
	}
	fields := []Field{}
	for i := range structure.NumFields() {
		member := structure.Field(i)
		if member.Embedded() {
			inherited, err := r.fields(member.Type())
			if err != nil {
				return nil, err
			}
			fields = append(fields, inherited...)
			continue
		}
		tag := strings.Split(reflect.StructTag(structure.Tag(i)).Get("xml"), ",")
		kind, array, pointer := wireType(member.Type())
		if err := r.addType(kind); err != nil {
			return nil, err
		}
		cardinality := ""
		switch {
		case array:
			cardinality = "*"
		case pointer || contains(tag[1:], "omitempty"):
			cardinality = "?"
		}
		fields = append(fields, Field{tag[0], kind, cardinality})
	}
	return fields, nil
}

// property finds the type of a property path, and takes it into the schema when it is a data object.
func (r *reader) property(object, path string) (string, error) {
	here, err := lookup(r.objects, object)
	if err != nil {
		return "", err
	}
	label := "json" // a managed object's own properties; data objects below it carry xml names
	steps := strings.Split(path, ".")
	for i, step := range steps {
		member := memberOf(here, label, step)
		if member == nil {
			return "", fmt.Errorf("%s has no property %s: %s is unknown", object, path, step)
		}
		kind, array, _ := wireType(member)
		if array {
			kind = arrayOf(kind)
		}
		if i == len(steps)-1 {
			return kind, r.addType(kind)
		}
		if here, err = lookup(r.types, kind); err != nil {
			return "", err
		}
		label = "xml"
	}
	return "", fmt.Errorf("%s: empty property path", object)
}

func memberOf(of types.Type, label, name string) types.Type {
	structure, ok := of.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i := range structure.NumFields() {
		field := structure.Field(i)
		if field.Embedded() {
			if found := memberOf(field.Type(), label, name); found != nil {
				return found
			}
			continue
		}
		if strings.Split(reflect.StructTag(structure.Tag(i)).Get(label), ",")[0] == name {
			return field.Type()
		}
	}
	return nil
}

func lookup(scope *types.Scope, name string) (types.Type, error) {
	found := scope.Lookup(name)
	if found == nil {
		return nil, fmt.Errorf("govmomi does not know %s", name)
	}
	return found.Type(), nil
}

func contains(words []string, word string) bool {
	for _, each := range words {
		if each == word {
			return true
		}
	}
	return false
}
