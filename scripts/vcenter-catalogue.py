"""Prints what vmware-vcenter, the vendor's Python bindings, say of the REST API of a vCenter.

Arguments: prefixes of modules below com.vmware, as `vcenter.namespaces`. Prints one JSON object: `operations` (method,
URL template, query parameters, input, output, which input is the body, the version that brought it and the privileges
its documentation names), `types` (field -> type, `?` optional, `[]` a list, `{}` a map; `A|B` for an enumeration) and
`since` (type -> field -> the version that brought it). A stub is asked for its operations by building it without a
server.
"""

import importlib
import inspect
import json
import pkgutil
import re
import sys

import com.vmware
from vmware.vapi.bindings.struct import VapiStruct
from vmware.vapi.bindings.stub import ApiInterfaceStub

types = {}
since = {}
operations = []
told = {}


def tell(self, config, iface_name=None, operations=None, rest_metadata=None, is_vapi_rest=True):
    """Stands in for the constructor of a stub: what it is given is what we want to know."""
    told.update(service=iface_name, operations=operations or {}, rest=rest_metadata or {})


ApiInterfaceStub.__init__ = tell


def short(name):
    return name.removeprefix("com.vmware.").removeprefix("vcenter.")


def name_of(kind):
    """A binding type in one word; the structures and enumerations it names are added to `types`."""
    what = type(kind).__name__
    if what == "OptionalType":
        return f"{name_of(kind.element_type)}?"
    if what in ("ListType", "SetType"):
        return f"[]{name_of(kind.element_type)}"
    if what == "MapType":
        return f"{{}}{name_of(kind.value_type)}"
    if what == "ReferenceType":
        return name_of(kind.resolved_type)
    if what == "StructType":
        return structure(kind)
    if what == "EnumType":
        types[short(kind.name)] = "|".join(kind.binding_class.get_values())
        return short(kind.name)
    return {
        "IdType": "id",
        "IntegerType": "integer",
        "BooleanType": "boolean",
        "DoubleType": "double",
        "DateTimeType": "datetime",
        "URIType": "uri",
        "SecretType": "secret",
        "DynamicStructType": "dynamic",
        "VoidType": "void",
        "StringType": "string",
    }.get(what, what)


def structure(kind):
    name = short(kind.name)
    if name not in types:
        types[name] = {}
        since[name] = fields_since(kind.binding_class)
        for field in kind.get_field_names():
            types[name][field] = name_of(kind.get_field(field))
    return name


def brought(text):
    """The version in which something came: `8.0.0.1`."""
    found = re.search(r"was\s+added\s+in\s+\*\*vSphere\s+API\s+([\d.]*\d)\*\*", text)
    return found and found[1]


def fields_since(binding):
    """Field -> the version that brought it, of those whose documentation says so."""
    text = inspect.getdoc(binding.__init__) if binding else None
    found = {}
    for about in re.split(r"^:param\s+", text or "", flags=re.MULTILINE)[1:]:
        name, version = about.split(":", 1)[0].split()[-1], brought(about)
        if version:
            found[name] = version
    return found


def privileges(text):
    """What an account is refused for not having. Whoever is logged in has System.Anonymous."""
    refusals = re.split(r"^:raise:\s*", text, flags=re.MULTILINE)[1:]
    named = [
        privilege
        for refusal in refusals
        if "errors_client.Unauthorized" in refusal
        for privilege in re.findall(r"(?<![\w.])[A-Z]\w+\.[A-Z]\w+(?![\w.])", refusal)
        if not re.search(r"attr:`[^`]*" + re.escape(privilege), refusal)
    ]
    return sorted(set(named) - {"System.Anonymous"})


def documentation(stub, key):
    """What is said of an operation, which is not in the stub but in the class that hides it."""
    shown = getattr(sys.modules[stub.__module__], stub.__name__.removeprefix("_").removesuffix("Stub"), None)
    return inspect.getdoc(getattr(shown, key, None)) or ""


def values(kind):
    return {field: name_of(kind.get_field(field)) for field in kind.get_field_names()}


for found in pkgutil.walk_packages(com.vmware.__path__, "com.vmware."):
    if not found.name.endswith("_client"):
        continue
    if not any(found.name.startswith(f"com.vmware.{prefix}") for prefix in sys.argv[1:]):
        continue
    module = importlib.import_module(found.name)
    for _, each in inspect.getmembers(module, inspect.isclass):
        if each.__module__ != module.__name__:
            continue
        if issubclass(each, VapiStruct):  # also those that no operation names
            structure(each.get_binding_type())
        if not issubclass(each, ApiInterfaceStub):
            continue
        told.clear()
        each(None)
        for key, rest in told["rest"].items():
            known = told["operations"].get(key)
            if known is None:  # the same, as a task
                continue
            text = documentation(each, key)
            operations.append(
                {
                    "since": brought(text),
                    "privileges": privileges(text),
                    "method": rest.http_method,
                    "path": rest._url_template,
                    "in_path": list(rest.get_path_variable_field_names()),
                    "query": dict(rest.query_parameters),
                    "body": rest.request_body_parameter,
                    "input": values(known["input_type"]),
                    "output": name_of(known["output_type"]),
                }
            )

json.dump({"operations": operations, "types": types, "since": since}, sys.stdout)
