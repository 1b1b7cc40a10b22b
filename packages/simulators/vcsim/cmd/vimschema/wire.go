package main

import (
	"go/types"
	"strings"
)

const reference = "ManagedObjectReference"

var scalars = map[types.BasicKind]string{
	types.String:  "xsd:string",
	types.Bool:    "xsd:boolean",
	types.Int8:    "xsd:byte",
	types.Byte:    "xsd:byte",
	types.Int16:   "xsd:short",
	types.Int32:   "xsd:int",
	types.Int64:   "xsd:long",
	types.Float32: "xsd:float",
	types.Float64: "xsd:double",
}

// wireType names a Go type as the WSDL does: scalars as xsd:, a Base interface as the type it stands for.
func wireType(of types.Type) (name string, array, pointer bool) {
	of = types.Unalias(of)
	switch kind := of.(type) {
	case *types.Pointer:
		name, array, _ = wireType(kind.Elem())
		return name, array, true
	case *types.Slice:
		if basic, ok := kind.Elem().(*types.Basic); ok && basic.Kind() == types.Byte {
			return "xsd:base64Binary", false, false
		}
		name, _, _ = wireType(kind.Elem())
		return name, true, false
	case *types.Basic:
		return scalars[kind.Kind()], false, false
	case *types.Named:
		return named(kind.Obj().Name())
	}
	return "xsd:anyType", false, false
}

func named(name string) (string, bool, bool) {
	switch name {
	case "Time":
		return "xsd:dateTime", false, false
	case "ByteSlice":
		return "xsd:byte", true, false
	case "AnyType":
		return "xsd:anyType", false, false
	}
	return strings.TrimPrefix(name, "Base"), false, false
}

// arrayOf names the wrapper in which an array travels as a property value.
func arrayOf(element string) string {
	name := strings.TrimPrefix(element, "xsd:")
	return "ArrayOf" + strings.ToUpper(name[:1]) + name[1:]
}
