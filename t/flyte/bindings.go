// The value of a node's input: from constants, earlier nodes, and members of
// what they gave.
package main

import "fmt"

// results are the outputs of nodes that have ended, and the run's inputs as
// those of start-node.
type results map[string]obj

// jsonLiteral is a value of a struct as a literal of its own.
func jsonLiteral(v any) (obj, error) {
	switch v := v.(type) {
	case string:
		return primitiveOf("string_value", v), nil
	case float64:
		return primitiveOf("float_value", v), nil
	case bool:
		return primitiveOf("boolean", v), nil
	case obj:
		return obj{"scalar": obj{"generic": v}}, nil
	case []any:
		var literals []any
		for _, e := range v {
			l, err := jsonLiteral(e)
			if err != nil {
				return nil, err
			}
			literals = append(literals, l)
		}
		return obj{"collection": obj{"literals": literals}}, nil
	}
	return nil, fmt.Errorf("no literal for [%v]", v)
}

// member takes one step of an attribute path into a map, list or struct.
func member(v any, attribute obj) (any, error) {
	key, index := str(attribute, "string_value"), num(attribute, "int_value")
	switch v := v.(type) {
	case obj:
		if e, ok := v[key]; ok {
			return e, nil
		}
		return nil, fmt.Errorf("key [%s] does not exist in literal %v", key,
			v)
	case []any:
		if index >= 0 && index < len(v) {
			return v[index], nil
		}
		return nil, fmt.Errorf("index [%d] is out of range of %v", index, v)
	}
	return nil, fmt.Errorf("[%v] has no members", v)
}

// follow goes down an attribute path.
func follow(l obj, path []any) (obj, error) {
	for len(path) > 0 {
		var inside any
		switch {
		case l["map"] != nil:
			inside = at(l, "map", "literals")
		case l["collection"] != nil:
			inside = at(l, "collection", "literals")
		default:
			value := at(l, "scalar", "generic")
			for _, a := range path {
				var err error
				if value, err = member(value, a.(obj)); err != nil {
					return nil, err
				}
			}
			return jsonLiteral(value)
		}
		v, err := member(inside, path[0].(obj))
		if err != nil {
			return nil, err
		}
		l, path = v.(obj), path[1:]
	}
	return l, nil
}

func (r results) resolve(b obj) (obj, error) {
	switch {
	case b["scalar"] != nil:
		return obj{"scalar": b["scalar"]}, nil
	case b["collection"] != nil:
		literals := []any{}
		for _, e := range list(b, "collection", "bindings") {
			l, err := r.resolve(e.(obj))
			if err != nil {
				return nil, err
			}
			literals = append(literals, l)
		}
		return obj{"collection": obj{"literals": literals}}, nil
	case b["map"] != nil:
		literals := obj{}
		for k, e := range sub(b, "map", "bindings") {
			l, err := r.resolve(e.(obj))
			if err != nil {
				return nil, err
			}
			literals[k] = l
		}
		return obj{"map": obj{"literals": literals}}, nil
	}
	node := str(b, "promise", "node_id")
	if node == "" {
		node = startNode
	}
	l := sub(r[node], str(b, "promise", "var"))
	if l == nil {
		return nil, fmt.Errorf("no value of [%s.%s]", node,
			str(b, "promise", "var"))
	}
	return follow(l, list(b, "promise", "attr_path"))
}

// bind resolves a list of bindings.
func (r results) bind(bindings []any) (obj, error) {
	literals := obj{}
	for _, b := range bindings {
		l, err := r.resolve(sub(b.(obj), "binding"))
		if err != nil {
			return nil, err
		}
		literals[str(b.(obj), "var")] = l
	}
	return literals, nil
}
