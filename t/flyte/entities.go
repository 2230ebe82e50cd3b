// What tasks, workflows and launch plans have in common: a name with versions,
// registered once, read one by one or in lists, and a note on the name.
package main

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

type kind int

const (
	tasks kind = iota
	workflows
	launchPlans
)

var kinds = [3]struct {
	resource, word, message string
	table                   *table
}{
	{"TASK", "task", "Task", taskTable},
	{"WORKFLOW", "workflow", "Workflow", workflowTable},
	{"LAUNCH_PLAN", "launch plan", "LaunchPlan", planTable},
}

// entity is one version of a task, a workflow or a launch plan.
type entity struct {
	cached
	kind                           kind
	project, domain, name, version string
	created, updated               time.Time
	// What registering compares: template, compiled workflow or spec.
	spec obj
	// What GET shows of it, but for the dates.
	closure obj
	brief   cached

	// Of launch plans.
	workflow  *entity
	active    bool
	activated time.Time
}

// shelf keeps one kind: all in order of registration, and by version.
type shelf struct {
	all      []record
	versions map[string]*entity
}

func versionKey(id obj) string {
	return strings.Join([]string{str(id, "project"), str(id, "domain"),
		str(id, "name"), str(id, "version")}, "\x00")
}

func (e *entity) id() obj {
	return obj{"resource_type": kinds[e.kind].resource,
		"project": e.project, "domain": e.domain, "name": e.name,
		"version": e.version}
}

func (e *entity) column(name string) any {
	switch name {
	case "project":
		return e.project
	case "domain":
		return e.domain
	case "name", "launch_plan.name":
		return e.name
	case "version", "launch_plan.version":
		return e.version
	case "created_at":
		return e.created
	case "updated_at":
		return e.updated
	case "state":
		if e.active {
			return int64(1)
		}
		return int64(0)
	case "schedule_type":
		return scheduleType(e.spec)
	}
	if column, ok := strings.CutPrefix(name, "workflow."); ok &&
		e.workflow != nil {
		return e.workflow.column(column)
	}
	return nil
}

func (e *entity) message() proto.Message {
	return e.once(func() proto.Message {
		closure := obj{"created_at": stamp(e.created)}
		for k, v := range e.closure {
			closure[k] = v
		}
		o := obj{"id": e.id(), "closure": closure}
		if e.kind == launchPlans {
			o["spec"] = e.spec
			closure["updated_at"] = stamp(e.updated)
			closure["state"] = "INACTIVE"
			if e.active {
				closure["state"] = "ACTIVE"
			}
		}
		return toMessage(kinds[e.kind].message, o)
	})
}

// A list shows no more of a workflow than its interface.
type briefWorkflow struct{ *entity }

func (b briefWorkflow) message() proto.Message {
	return b.entity.brief.once(func() proto.Message {
		template := obj{}
		if i := sub(b.spec, "primary", "template", "interface"); i != nil {
			template["interface"] = i
		}
		return toMessage("Workflow", obj{"id": b.id(), "closure": obj{
			"created_at": stamp(b.created),
			"compiled_workflow": obj{"primary": obj{
				"template": template}}}})
	})
}

// checkID wants every part of an identifier, and its type.
func checkID(id obj, k kind) error {
	if id == nil {
		return invalid("missing id")
	}
	want := kinds[k].resource
	if got := str(id, "resource_type"); got != want {
		if got == "" {
			got = "UNSPECIFIED"
		}
		return invalid("unexpected resource type %s for identifier [%s], "+
			"expected %s instead", strings.ToLower(got),
			show("Identifier", id), strings.ToLower(want))
	}
	for _, part := range []string{"project", "domain", "name", "version"} {
		if str(id, part) == "" {
			return invalid("missing %s", part)
		}
	}
	return nil
}

// plain is an identifier as errors about it show it.
func plain(id obj) obj {
	o := obj{}
	for _, part := range []string{"project", "domain", "name", "version"} {
		if v := str(id, part); v != "" {
			o[part] = v
		}
	}
	return o
}

func missing(k kind, id obj) error {
	return fail(codes.NotFound, "missing entity of type %s with identifier %s",
		kinds[k].resource, show("Identifier", plain(id)))
}

// find reads an empty version as any.
func (c *cluster) find(k kind, id obj) *entity {
	if str(id, "version") != "" {
		return c.shelves[k].versions[versionKey(id)]
	}
	for _, r := range c.shelves[k].all {
		e := r.(*entity)
		if e.project == str(id, "project") &&
			e.domain == str(id, "domain") && e.name == str(id, "name") {
			return e
		}
	}
	return nil
}

// What a gRPC status may hold between admin and its gateway.
const maxStatus = 32000

// register stores a new version, or says how it stands to the one there.
func (c *cluster) register(e *entity) error {
	s := &c.shelves[e.kind]
	word := kinds[e.kind].word
	old := s.versions[versionKey(e.id())]
	if old == nil {
		e.created = c.clock.now()
		e.updated = e.created
		s.versions[versionKey(e.id())] = e
		s.all = append(s.all, e)
		changes++
		return nil
	}
	code, reason := codes.AlreadyExists, "exists_identical_structure"
	text := word + " with identical structure already exists"
	if !reflect.DeepEqual(old.spec, e.spec) {
		code, reason = codes.InvalidArgument, "exists_different_structure"
		text = e.name + " " + word + " with different structure already " +
			"exists. (Please register a new version of the " + word + "):\n" +
			strings.Join(differences("", old.spec, e.spec), "\n")
	}
	if len(text) > maxStatus {
		return fail(codes.Internal, "stream terminated by RST_STREAM with "+
			"error code: INTERNAL_ERROR")
	}
	if e.kind == workflows {
		return failWith(code, text, "CreateWorkflowFailureReason",
			obj{reason: obj{"id": e.id()}})
	}
	return fail(code, "%s", text)
}

func newEntity(k kind, id, spec, closure obj) *entity {
	return &entity{kind: k, project: str(id, "project"),
		domain: str(id, "domain"), name: str(id, "name"),
		version: str(id, "version"), spec: spec, closure: closure}
}

func getEntity(k kind) handler {
	return func(c *cluster, q obj) (any, error) {
		if e := c.find(k, sub(q, "id")); e != nil {
			return e, nil
		}
		return nil, missing(k, sub(q, "id"))
	}
}

// named picks the entities of a domain, or of one name in it.
func (c *cluster) named(k kind, project, domain, name string) []record {
	var items []record
	for _, r := range c.shelves[k].all {
		e := r.(*entity)
		if e.project == project && e.domain == domain &&
			(name == "" || e.name == name) {
			items = append(items, r)
		}
	}
	return items
}

func listEntities(k kind) handler {
	return func(c *cluster, q obj) (any, error) {
		v, err := c.listKept(kinds[k].table, q, func() []record {
			return c.named(k, str(q, "id", "project"),
				str(q, "id", "domain"), str(q, "id", "name"))
		})
		if p, ok := v.(page); ok && k == workflows {
			p.items = slices.Clone(p.items)
			for i, r := range p.items {
				p.items[i] = briefWorkflow{r.(*entity)}
			}
			return p, nil
		}
		return v, err
	}
}

// nameRecord is a name without its versions.
type nameRecord struct {
	key  entityKey
	note string
	full bool
}

func (n nameRecord) column(name string) any {
	switch name {
	case "project":
		return n.key.project
	case "domain":
		return n.key.domain
	case "name":
		return n.key.name
	case "description":
		return n.note
	case "state":
		return int64(0)
	}
	return nil
}

func (n nameRecord) message() proto.Message {
	id := obj{"project": n.key.project, "domain": n.key.domain,
		"name": n.key.name}
	if !n.full {
		return toMessage("NamedEntityIdentifier", id)
	}
	return toMessage("NamedEntity", obj{
		"resource_type": kinds[n.key.kind].resource, "id": id,
		"metadata": obj{"description": n.note},
	})
}

// names lists each name once, in the order of its first version.
func (c *cluster) names(k kind, project, domain string, full bool) []record {
	var items []record
	seen := map[string]bool{}
	for _, r := range c.named(k, project, domain, "") {
		e := r.(*entity)
		if !seen[e.name] {
			seen[e.name] = true
			key := entityKey{k, project, domain, e.name}
			items = append(items, nameRecord{key, c.notes[key], full})
		}
	}
	return items
}

func listIds(k kind) handler {
	return func(c *cluster, q obj) (any, error) {
		return nameTable.list(c.names(k, str(q, "project"),
			str(q, "domain"), false), q, true)
	}
}

func resourceKind(q obj) (kind, error) {
	for i, k := range kinds {
		if k.resource == str(q, "resource_type") {
			return kind(i), nil
		}
	}
	return 0, invalid("invalid value for resource_type")
}

func (c *cluster) namedEntity(q obj) (entityKey, error) {
	k, err := resourceKind(q)
	if err != nil {
		return entityKey{}, err
	}
	id := sub(q, "id")
	if c.find(k, plain(obj{"project": id["project"],
		"domain": id["domain"], "name": id["name"]})) == nil {
		return entityKey{}, fail(codes.NotFound, "missing entity of type "+
			"%s with identifier %s", kinds[k].resource,
			show("NamedEntityIdentifier", id))
	}
	return entityKey{k, str(id, "project"), str(id, "domain"),
		str(id, "name")}, nil
}

func getNamedEntity(c *cluster, q obj) (any, error) {
	key, err := c.namedEntity(q)
	if err != nil {
		return nil, err
	}
	return nameRecord{key, c.notes[key], true}, nil
}

// updateNamedEntity: an empty description leaves the old one.
func updateNamedEntity(c *cluster, q obj) (any, error) {
	key, err := c.namedEntity(q)
	if err != nil {
		return nil, err
	}
	note := str(q, "metadata", "description")
	if utf8.RuneCountInString(note) > 300 {
		return nil, fail(codes.Unknown, "failed database operation with "+
			"value too long for type character varying(300)")
	}
	if note != "" {
		c.notes[key] = note
	}
	return obj{}, nil
}

func listNamedEntities(c *cluster, q obj) (any, error) {
	k, err := resourceKind(q)
	if err != nil {
		return nil, err
	}
	return nameTable.list(c.names(k, str(q, "project"), str(q, "domain"),
		true), q, true)
}
