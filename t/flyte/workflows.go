// Registering a workflow: the checks of Flyte's compiler that a workflow of
// task nodes can meet. It is no copy of that compiler; it knows fewer errors.
package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	startNode = "start-node"
	endNode   = "end-node"
)

// compiler gathers the errors of one workflow.
type compiler struct {
	cluster  *cluster
	template obj
	nodes    map[string]obj
	tasks    map[string]*entity // by node
	upstream map[string][]string
	faults   []string
}

func (w *compiler) fault(code, node, format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf("Code: %s, Node Id: %s, "+
		"Description: %s", code, node, fmt.Sprintf(format, args...)))
}

func (w *compiler) err(id obj) error {
	if len(w.faults) == 0 {
		return nil
	}
	slices.Sort(w.faults)
	text := fmt.Sprintf("Collected Errors: %d\n", len(w.faults))
	for i, f := range w.faults {
		text += fmt.Sprintf("\tError %d: %s\n", i, f)
	}
	return invalid("failed to compile workflow for [%s] with err: %s",
		show("Identifier", id), text)
}

// outputType of a node's variable; nil if there is none.
func (w *compiler) outputType(node, name string) obj {
	if node == startNode {
		return sub(w.template, "interface", "inputs", "variables", name,
			"type")
	}
	if e := w.tasks[node]; e != nil {
		return sub(e.spec, "template", "interface", "outputs", "variables",
			name, "type")
	}
	return nil
}

// variable as an error names it: after the node's own name, if it has one.
func (w *compiler) variable(node, name string) string {
	if m := sub(w.nodes[node], "metadata"); m != nil {
		return str(m, "name") + "." + name
	}
	return name
}

// memberType follows an attribute path into a type.
func (w *compiler) memberType(node string, t, promise obj) (obj, bool) {
	for _, a := range list(promise, "attr_path") {
		switch {
		case t["collection_type"] != nil:
			t = sub(t, "collection_type")
		case t["map_value_type"] != nil:
			t = sub(t, "map_value_type")
		case sub(t, "structure", "dataclass_type") != nil:
			name := str(a.(obj), "string_value")
			member := sub(t, "structure", "dataclass_type", name)
			if member == nil {
				w.fault("FieldNotFound", node, "Field [%s] of promise "+
					"[%s] not found in type [%s].", name,
					str(promise, "var"), showType(t))
				return nil, false
			}
			t = member
		}
	}
	return t, true
}

func (w *compiler) promise(node, input string, promise, want obj) {
	from, name := str(promise, "node_id"), str(promise, "var")
	if from == "" {
		from = startNode
	}
	if w.nodes[from] == nil && from != startNode {
		w.fault("NodeReferenceNotFound", node,
			"Referenced node [%s] not found.", from)
		w.fault("ParameterNotBound", node, "Parameter not bound [%s].", input)
		return
	}
	t := w.outputType(from, name)
	if t == nil {
		w.fault("VariableNameNotFound", from,
			"Variable [%s] not found on node [%s].", name, from)
		w.fault("ParameterNotBound", node, "Parameter not bound [%s].", input)
		return
	}
	t, ok := w.memberType(node, t, promise)
	if !ok {
		return
	}
	if !castable(t, want) {
		w.fault("MismatchingTypes", node, "The output variable '%s' has "+
			"type [%s], but it's assigned to the input variable '%s' which "+
			"has type type [%s].", w.variable(from, name), showType(t),
			w.variable(node, input), showType(want))
		return
	}
	w.upstream[node] = append(w.upstream[node], from)
}

func (w *compiler) binding(node, input string, b, want obj) {
	mismatch := func() {
		w.fault("MismatchingBindings", node, "Input [%s] on node [%s] "+
			"expects bindings of type [%s].  Received [%s]", input, node,
			showType(want), show("BindingData", b))
	}
	switch {
	case b["promise"] != nil:
		w.promise(node, input, sub(b, "promise"), want)
	case b["scalar"] != nil:
		t := scalarType(sub(b, "scalar"))
		if t == nil {
			w.fault("UnrecognizedValue", node, "Unrecognized value [%s].",
				show("Scalar", sub(b, "scalar")))
		} else if !castable(t, want) {
			w.fault("MismatchingTypes", node, "Variable [%s] (type [%s]) "+
				"doesn't match expected type [%s].", input, showType(t),
				showType(want))
		}
		w.enumValue(node, input, b, want)
	case b["collection"] != nil:
		element := sub(want, "collection_type")
		if element == nil {
			mismatch()
			return
		}
		for _, e := range list(b, "collection", "bindings") {
			w.binding(node, input, e.(obj), element)
		}
	case b["map"] != nil:
		element := sub(want, "map_value_type")
		if element == nil {
			mismatch()
			return
		}
		members := sub(b, "map", "bindings")
		for _, k := range sorted(members) {
			w.binding(node, input, members[k].(obj), element)
		}
	default:
		mismatch()
	}
}

func (w *compiler) enumValue(node, input string, b, want obj) {
	values := list(want, "enum_type", "values")
	value := str(b, "scalar", "primitive", "string_value")
	if values != nil && !slices.Contains(values, any(value)) {
		w.fault("IllegalEnumValue", node, "Input [%s] expects one of %v, "+
			"got [%s].", input, values, value)
	}
}

// bindings of a node, or of the workflow's outputs, against what is wanted.
func (w *compiler) bindings(node string, given []any, want obj) {
	seen := map[string]bool{}
	for _, g := range given {
		name := str(g.(obj), "var")
		b := sub(g.(obj), "binding")
		v := sub(want, name)
		switch {
		case v == nil:
			w.fault("VariableNameNotFound", node,
				"Variable [%s] not found on node [%s].", name, node)
		case b == nil:
			w.fault("ValueRequired", node, "Value required [Binding].")
		case seen[name]:
			w.fault("ParameterBoundMoreThanOnce", node,
				"Input [%s] is bound more than once.", name)
		default:
			seen[name] = true
			w.binding(node, name, b, sub(v, "type"))
		}
	}
	for _, name := range sorted(want) {
		if !seen[name] && !optional(sub(want, name, "type")) {
			w.fault("ParameterNotBound", node, "Parameter not bound [%s].",
				name)
		}
	}
}

// optional: a union with none in it need not be bound.
func optional(t obj) bool {
	return slices.ContainsFunc(variants(t), func(v any) bool {
		return isNone(v.(obj))
	})
}

// collect reads the nodes and their tasks, which must be there already.
func (w *compiler) collect() error {
	for _, n := range list(w.template, "nodes") {
		node := n.(obj)
		id := str(node, "id")
		if id == startNode || id == endNode {
			continue
		}
		if w.nodes[id] != nil {
			w.fault("DuplicateId", id,
				"Trying to insert two nodes with the same id.")
			continue
		}
		w.nodes[id] = node
		ref := sub(node, "task_node", "reference_id")
		if ref == nil {
			w.fault("ValueRequired", id, "Value required [Target].")
			continue
		}
		e := w.cluster.find(tasks, ref)
		if e == nil {
			return missing(tasks, ref)
		}
		w.tasks[id] = e
	}
	return nil
}

func (w *compiler) cycle() {
	state := map[string]int{}
	var visit func(string) bool
	visit = func(id string) bool {
		if state[id] != 0 {
			return state[id] == 1
		}
		state[id] = 1
		found := slices.ContainsFunc(w.upstream[id], visit)
		state[id] = 2
		return found
	}
	for _, id := range sorted(toAny(w.nodes)) {
		if visit(id) {
			w.fault("CycleDetected", id, "A cycle has been detected while "+
				"traversing the Workflow [%s].", id)
			return
		}
	}
}

func toAny(nodes map[string]obj) obj {
	o := obj{}
	for k := range nodes {
		o[k] = nil
	}
	return o
}

func (w *compiler) check() {
	for _, id := range sorted(toAny(w.nodes)) {
		node := w.nodes[id]
		for _, up := range list(node, "upstream_node_ids") {
			if w.nodes[up.(string)] == nil && up != startNode {
				w.fault("NodeReferenceNotFound", id,
					"Referenced node [%v] not found.", up)
				continue
			}
			w.upstream[id] = append(w.upstream[id], up.(string))
		}
		if e := w.tasks[id]; e != nil {
			w.bindings(id, list(node, "inputs"), sub(e.spec, "template",
				"interface", "inputs", "variables"))
		}
	}
	w.bindings(endNode, list(w.template, "outputs"),
		sub(w.template, "interface", "outputs", "variables"))
	w.cycle()
}

// connections, with the start and end that the compiler adds.
func (w *compiler) connections() obj {
	up, down := obj{}, obj{}
	join := func(m obj, from, to string) {
		o, _ := m[from].(obj)
		if o == nil {
			o = obj{"ids": []any{}}
			m[from] = o
		}
		if !slices.Contains(o["ids"].([]any), any(to)) {
			ids := append(o["ids"].([]any), to)
			slices.SortFunc(ids, func(a, b any) int {
				return strings.Compare(a.(string), b.(string))
			})
			o["ids"] = ids
		}
	}
	for _, id := range sorted(toAny(w.nodes)) {
		sources := w.upstream[id]
		if len(sources) == 0 {
			sources = []string{startNode}
		}
		for _, s := range sources {
			join(up, id, s)
			join(down, s, id)
		}
	}
	for _, s := range w.upstream[endNode] {
		join(up, endNode, s)
		join(down, s, endNode)
	}
	for _, id := range sorted(toAny(w.nodes)) {
		if down[id] == nil {
			join(down, id, endNode)
			join(up, endNode, id)
		}
	}
	return obj{"upstream": up, "downstream": down}
}

// compiled is the template with those two in front of its nodes.
func (w *compiler) compiled() obj {
	template := maps.Clone(w.template)
	nodes := []any{obj{"id": startNode}, obj{"id": endNode,
		"inputs": list(template, "outputs")}}
	for _, n := range list(template, "nodes") {
		if id := str(n.(obj), "id"); id != startNode && id != endNode {
			nodes = append(nodes, n)
		}
	}
	template["nodes"] = nodes
	return template
}

// compile gives what is stored of a workflow, or all its errors.
func (c *cluster) compile(id, template obj) (obj, error) {
	w := &compiler{cluster: c, template: template, nodes: map[string]obj{},
		tasks: map[string]*entity{}, upstream: map[string][]string{}}
	if err := w.collect(); err != nil {
		return nil, invalid("failed to compile workflow for [%s] with err: "+
			"%s", show("Identifier", id), message(err))
	}
	if len(w.nodes) == 0 {
		w.fault("NoNodesFound", strings.TrimSpace(str(id, "name")),
			"Can't find any nodes in workflow [%s].", str(id, "name"))
	}
	w.check()
	if err := w.err(id); err != nil {
		return nil, err
	}
	used := map[string]bool{}
	var compiled []any
	for _, node := range sorted(toAny(w.nodes)) {
		e := w.tasks[node]
		if key := versionKey(e.id()); !used[key] {
			used[key] = true
			compiled = append(compiled, e.spec)
		}
	}
	return obj{"primary": obj{"template": w.compiled(),
		"connections": w.connections()}, "tasks": compiled}, nil
}

func createWorkflow(c *cluster, q obj) (any, error) {
	id := sub(q, "id")
	if err := checkID(id, workflows); err != nil {
		return nil, err
	}
	err := c.known(str(id, "project"), str(id, "domain"))
	if err != nil {
		return nil, err
	}
	template := sub(q, "spec", "template")
	if template == nil {
		return nil, invalid("missing spec")
	}
	template["id"] = id
	closure, err := c.compile(id, template)
	if err != nil {
		return nil, err
	}
	return obj{}, c.register(newEntity(workflows, id, closure,
		obj{"compiled_workflow": closure}))
}
