// Types of variables and literals: what a literal is, and what may be given
// where something is expected.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

func simple(name string) obj { return obj{"simple": name} }

var primitiveTypes = map[string]string{
	"integer": "INTEGER", "float_value": "FLOAT", "string_value": "STRING",
	"boolean": "BOOLEAN", "datetime": "DATETIME", "duration": "DURATION",
}

func scalarType(s obj) obj {
	if p := sub(s, "primitive"); p != nil {
		for key, name := range primitiveTypes {
			if _, ok := p[key]; ok {
				return simple(name)
			}
		}
		return nil
	}
	switch {
	case s["blob"] != nil:
		t := sub(s, "blob", "metadata", "type")
		if t == nil {
			t = obj{}
		}
		return obj{"blob": t}
	case s["binary"] != nil:
		// Newer clients send objects so.
		if str(s, "binary", "tag") == "msgpack" {
			return simple("STRUCT")
		}
		return simple("BINARY")
	case s["schema"] != nil:
		t := sub(s, "schema", "type")
		if t == nil {
			t = obj{}
		}
		return obj{"schema": t}
	case s["none_type"] != nil:
		return simple("NONE")
	case s["error"] != nil:
		return simple("ERROR")
	case s["generic"] != nil:
		return simple("STRUCT")
	case s["structured_dataset"] != nil:
		t := sub(s, "structured_dataset", "metadata",
			"structured_dataset_type")
		if t == nil {
			t = obj{}
		}
		return obj{"structured_dataset_type": t}
	case s["union"] != nil:
		return obj{"union_type": obj{
			"variants": []any{sub(s, "union", "type")}}}
	}
	return nil
}

// commonType of the members of a list or map: none of an empty one, a union
// of several.
func commonType(literals []obj) obj {
	var kinds []any
	for _, l := range literals {
		t := literalType(l)
		if t == nil {
			return nil
		}
		found := false
		for _, k := range kinds {
			found = found || reflect.DeepEqual(k, any(t))
		}
		if !found {
			kinds = append(kinds, t)
		}
	}
	switch len(kinds) {
	case 0:
		return simple("NONE")
	case 1:
		return kinds[0].(obj)
	}
	return obj{"union_type": obj{"variants": kinds}}
}

// literalType is nil for a literal without a value.
func literalType(l obj) obj {
	var members []obj
	switch {
	case l["scalar"] != nil:
		return scalarType(sub(l, "scalar"))
	case l["collection"] != nil:
		for _, m := range list(l, "collection", "literals") {
			members = append(members, m.(obj))
		}
		if t := commonType(members); t != nil {
			return obj{"collection_type": t}
		}
	case l["map"] != nil:
		for _, m := range sorted(sub(l, "map", "literals")) {
			members = append(members, sub(l, "map", "literals", m))
		}
		if t := commonType(members); t != nil {
			return obj{"map_value_type": t}
		}
	}
	return nil
}

func sorted(o obj) []string {
	var keys []string
	for k := range o {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func variants(t obj) []any { return list(t, "union_type", "variants") }

func isNone(t obj) bool { return str(t, "simple") == "NONE" }

// bare leaves out what does not decide what a type is.
func bare(t obj) obj {
	b := obj{}
	for k, v := range t {
		if k != "metadata" && k != "annotation" && k != "structure" {
			b[k] = v
		}
	}
	return b
}

// sameFormat: of structured datasets and blobs, an empty one matches any.
func sameFormat(a, b string) bool {
	return a == "" || b == "" || strings.EqualFold(a, b)
}

// castsColumns wants the columns of down among those of up, if both tell any.
func castsColumns(up, down []any) bool {
	if len(up) == 0 || len(down) == 0 {
		return true
	}
	types := map[string]obj{}
	for _, c := range up {
		types[str(c.(obj), "name")] = columnType(c.(obj))
	}
	for _, c := range down {
		t, ok := types[str(c.(obj), "name")]
		if !ok || !castable(t, columnType(c.(obj))) {
			return false
		}
	}
	return true
}

func columnType(c obj) obj {
	if t := sub(c, "literal_type"); t != nil {
		return t
	}
	if t := str(c, "type"); t != "" {
		return simple(t)
	}
	return simple("INTEGER")
}

// castsTable: schemas and structured datasets are given for each other, a
// schema being parquet.
func castsTable(up, down obj) bool {
	sides := [2]obj{up, down}
	var formats [2]string
	var cols [2][]any
	for i, t := range sides {
		if s := sub(t, "schema"); s != nil {
			formats[i], cols[i] = "parquet", list(s, "columns")
		} else if s := sub(t, "structured_dataset_type"); s != nil {
			formats[i], cols[i] = str(s, "format"), list(s, "columns")
		} else {
			return false
		}
	}
	return sameFormat(formats[0], formats[1]) && castsColumns(cols[0], cols[1])
}

func castsUnion(up, down obj) bool {
	if all := variants(up); all != nil {
		for _, v := range all {
			if !castsUnion(v.(obj), down) {
				return false
			}
		}
		return true
	}
	found := 0
	for _, v := range variants(down) {
		if castable(up, v.(obj)) {
			found++
		}
	}
	return found == 1
}

func castsSimple(up, down obj) bool {
	if up["enum_type"] != nil && str(down, "simple") == "STRING" ||
		down["enum_type"] != nil && str(up, "simple") == "STRING" {
		return true
	}
	tag := str(up, "structure", "tag")
	if tag != "" && tag != str(down, "structure", "tag") {
		return false
	}
	if str(up, "simple") == "STRUCT" && str(down, "simple") == "STRUCT" {
		a, b := sub(up, "metadata"), sub(down, "metadata")
		return a == nil || b == nil || reflect.DeepEqual(a, b)
	}
	return reflect.DeepEqual(bare(up), bare(down))
}

// castable: a value of type up may be given where down is expected.
func castable(up, down obj) bool {
	if up == nil || down == nil {
		return false
	}
	switch {
	case down["collection_type"] != nil:
		e := sub(up, "collection_type")
		return isNone(e) || castable(e, sub(down, "collection_type"))
	case down["map_value_type"] != nil:
		e := sub(up, "map_value_type")
		return isNone(e) || castable(e, sub(down, "map_value_type"))
	case down["blob"] != nil:
		return up["blob"] != nil && (str(up, "blob", "format") == "" ||
			str(down, "blob", "format") == "" ||
			str(up, "blob", "format") == str(down, "blob", "format"))
	case down["schema"] != nil:
		return castsTable(up, down)
	case down["structured_dataset_type"] != nil:
		return isNone(up) || castsTable(up, down)
	case down["union_type"] != nil:
		return castsUnion(up, down)
	}
	return castsSimple(up, down)
}

func showType(t obj) string {
	if t == nil {
		return ""
	}
	return show("LiteralType", t)
}

// differences names what is not the same in two documents, as an error of a
// version that is taken shows it.
func differences(path string, before, after any) []string {
	a, isObj := before.(obj)
	b, alsoObj := after.(obj)
	if isObj && alsoObj {
		keys := obj{}
		for k := range a {
			keys[k] = nil
		}
		for k := range b {
			keys[k] = nil
		}
		var all []string
		for _, k := range sorted(keys) {
			all = append(all, differences(path+"/"+k, a[k], b[k])...)
		}
		return all
	}
	l, isList := before.([]any)
	m, alsoList := after.([]any)
	if isList && alsoList && len(l) == len(m) {
		var all []string
		for i := range l {
			all = append(all, differences(fmt.Sprintf("%s/%d", path, i),
				l[i], m[i])...)
		}
		return all
	}
	if reflect.DeepEqual(before, after) {
		return nil
	}
	return []string{fmt.Sprintf("%s:\n\t- %v \n\t+ %v", path, before, after)}
}
