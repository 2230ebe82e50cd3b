// The state of the cluster: everything is in memory, under one lock.
package main

import (
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

type cluster struct {
	mu       sync.Mutex
	settings settings
	clock    *clock
	log      *requestLog
	faults   *faultList
	store    *objectStore
	sched    *scheduler
	engine   *engine

	projects []*project
	anywhere bool // any project and domain will do
	shelves  [3]shelf
	notes    map[entityKey]string
	runs     map[runKey]*execution
	runList  []record
	arranged map[string]arrangement

	snapshots map[string]*snapshot
}

// Who looks for an entity by what.
type entityKey struct {
	kind                  kind
	project, domain, name string
}

type runKey struct{ project, domain, name string }

func newCluster(s settings) *cluster {
	c := &cluster{
		settings: s,
		clock:    newClock(),
		faults:   &faultList{},
		notes:    map[entityKey]string{},
		runs:     map[runKey]*execution{},
		arranged: map[string]arrangement{},

		snapshots: map[string]*snapshot{},
	}
	for i := range c.shelves {
		c.shelves[i].versions = map[string]*entity{}
	}
	for _, id := range s.projects {
		c.projects = append(c.projects, &project{
			id: id, name: id, created: c.clock.now(),
		})
	}
	c.store = newObjectStore(s.dir, c.clock)
	c.engine = newEngine(c)
	c.sched = newScheduler(c)
	return c
}

// cached keeps a record's message until the record changes.
type cached struct{ m proto.Message }

// changes counts what may be different in a list. Under the cluster's lock.
var changes int

func (c *cached) changed() {
	c.m = nil
	changes++
}

func (c *cached) once(make func() proto.Message) proto.Message {
	if c.m == nil {
		c.m = make()
	}
	return c.m
}

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// show prints a message as Go's %v does, which errors quote. Its white space
// varies between builds, there and here.
func show(name string, o obj) string {
	return prototext.MarshalOptions{}.Format(toMessage(name, o))
}

func getVersion(c *cluster, _ obj) (any, error) {
	return obj{"control_plane_version": obj{
		"Build": "unknown", "Version": "unknown",
		"BuildTime": stamp(c.settings.started),
	}}, nil
}

type project struct {
	cached
	id, name, description string
	labels                obj
	state                 string
	created, updated      time.Time
}

var domainNames = []string{"development", "staging", "production"}

func domainList() []any {
	var l []any
	for _, d := range domainNames {
		l = append(l, obj{"id": d, "name": d})
	}
	return l
}

func (p *project) column(name string) any {
	switch name {
	case "identifier":
		return p.id
	case "name":
		return p.name
	case "description":
		return p.description
	case "state":
		if p.state == "ARCHIVED" {
			return int64(1)
		}
		return int64(0)
	case "created_at":
		return p.created
	case "updated_at":
		return p.updated
	}
	return nil
}

func (p *project) message() proto.Message {
	return p.once(func() proto.Message {
		o := obj{"id": p.id, "name": p.name, "domains": domainList(),
			"description": p.description}
		if p.labels != nil {
			o["labels"] = p.labels
		}
		if p.state != "" {
			o["state"] = p.state
		}
		return toMessage("Project", o)
	})
}

func (c *cluster) project(id string) *project {
	for _, p := range c.projects {
		if p.id == id {
			return p
		}
	}
	return nil
}

func createProject(c *cluster, q obj) (any, error) {
	o := sub(q, "project")
	id := str(o, "id")
	if id == "" {
		return nil, invalid("missing project_id")
	}
	if !labelForm.MatchString(id) || len(id) > 63 {
		return nil, invalid("invalid project id [%s]: [a lowercase RFC 1123 "+
			"label must consist of lower case alphanumeric characters or "+
			"'-', and must start and end with an alphanumeric character "+
			"(e.g. 'my-name',  or '123-abc', regex used for validation is "+
			"'[a-z0-9]([-a-z0-9]*[a-z0-9])?')]", id)
	}
	if c.project(id) != nil {
		return nil, fail(codes.AlreadyExists, "value with matching already "+
			"exists (duplicate key value violates unique constraint "+
			"\"projects_pkey\")")
	}
	c.projects = append(c.projects, &project{
		id: id, name: str(o, "name"), description: str(o, "description"),
		labels: sub(o, "labels"), created: c.clock.now(),
		updated: c.clock.now(),
	})
	return obj{}, nil
}

func (c *cluster) existingProject(id string) (*project, error) {
	if p := c.project(id); p != nil {
		return p, nil
	}
	return nil, fail(codes.NotFound, "project [%s] not found", id)
}

func updateProject(c *cluster, q obj) (any, error) {
	p, err := c.existingProject(str(q, "id"))
	if err != nil {
		return nil, err
	}
	p.name, p.description = str(q, "name"), str(q, "description")
	p.labels, p.state = sub(q, "labels"), str(q, "state")
	p.updated = c.clock.now()
	p.changed()
	return obj{}, nil
}

func getProject(c *cluster, q obj) (any, error) {
	p, err := c.existingProject(str(q, "id"))
	if err != nil {
		return nil, err
	}
	return p, nil
}

func listProjects(c *cluster, q obj) (any, error) {
	var items []record
	for _, p := range c.projects {
		if p.state != "ARCHIVED" || str(q, "filters") != "" {
			items = append(items, p)
		}
	}
	return projectTable.list(items, q, false)
}

func getDomains(c *cluster, _ obj) (any, error) {
	return obj{"domains": domainList()}, nil
}

// known is what every registration and launch asks first.
func (c *cluster) known(projectID, domain string) error {
	if c.anywhere {
		return nil
	}
	p := c.project(projectID)
	if p == nil {
		return invalid("failed to validate that project [%s] and domain "+
			"[%s] are registered, err: [project [%s] not found]", projectID,
			domain, projectID)
	}
	if p.state == "ARCHIVED" {
		return failWith(codes.InvalidArgument, "project ["+projectID+
			"] is not active", "InactiveProject", obj{"id": projectID})
	}
	for _, d := range domainNames {
		if d == domain {
			return nil
		}
	}
	return invalid("domain [%s] is unrecognized by system", domain)
}
