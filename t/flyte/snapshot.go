// The cluster's state as a whole, for tests that come back to it again and
// again: kept under a name, restored, and shown without what time and chance
// put into it.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// snapshot holds what may change of each thing; the things stay the same.
type snapshot struct {
	projects []*project
	project  map[*project]project
	all      [3][]record
	entity   map[*entity]entity
	notes    map[entityKey]string
	runList  []record
	run      map[*execution]execution
	objects  map[string]*object
}

// quiet waits until nothing runs; with end it sees to that.
func (c *cluster) quiet(end bool) {
	if end {
		c.mu.Lock()
		for _, r := range c.runList {
			if e := r.(*execution); !e.over() {
				e.finish(c, "ABORTED")
				if !e.aborted {
					close(e.stop)
				}
			}
		}
		c.mu.Unlock()
	}
	c.engine.going.Wait()
}

func (c *cluster) save() *snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &snapshot{projects: slices.Clone(c.projects),
		project: map[*project]project{}, entity: map[*entity]entity{},
		notes: maps.Clone(c.notes), runList: slices.Clone(c.runList),
		run: map[*execution]execution{}, objects: c.store.keep()}
	for _, p := range c.projects {
		s.project[p] = *p
	}
	for k := range c.shelves {
		s.all[k] = slices.Clone(c.shelves[k].all)
		for _, r := range s.all[k] {
			s.entity[r.(*entity)] = *r.(*entity)
		}
	}
	for _, r := range s.runList {
		s.run[r.(*execution)] = *r.(*execution)
	}
	return s
}

func (c *cluster) restore(s *snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.projects = slices.Clone(s.projects)
	for p, was := range s.project {
		*p = was
	}
	for k := range c.shelves {
		c.shelves[k].all = slices.Clone(s.all[k])
		c.shelves[k].versions = map[string]*entity{}
		for _, r := range s.all[k] {
			e := r.(*entity)
			*e = s.entity[e]
			c.shelves[k].versions[versionKey(e.id())] = e
		}
	}
	c.notes = maps.Clone(s.notes)
	c.runList = slices.Clone(s.runList)
	c.runs = map[runKey]*execution{}
	for e, was := range s.run {
		*e = was
		e.stop = make(chan struct{})
		c.runs[e.key()] = e
	}
	c.store.back(s.objects)
	clear(c.arranged)
}

// keep lists what is there, whose files are never removed from then on; back
// makes that all there is.
func (s *objectStore) keep() map[string]*object {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.all {
		o.kept = true
	}
	return maps.Clone(s.all)
}

func (s *objectStore) back(objects map[string]*object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.all {
		if !o.kept {
			os.Remove(o.file)
		}
	}
	s.all = maps.Clone(objects)
}

// show has a line for each thing.
func (c *cluster) show() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	add := func(format string, args ...any) {
		lines = append(lines, fmt.Sprintf(format, args...))
	}
	text := func(v any) string {
		data, _ := json.Marshal(v)
		return string(data)
	}
	for _, p := range c.projects {
		add("project %s %s", p.id, p.state)
	}
	for k, s := range c.shelves {
		for _, r := range s.all {
			e := r.(*entity)
			add("%s %s/%s/%s %s active=%v %s", kinds[k].word, e.project,
				e.domain, e.name, e.version, e.active, text(e.spec))
		}
	}
	for key, note := range c.notes {
		add("note %s/%s/%s %s", key.project, key.domain, key.name, note)
	}
	for _, r := range c.runList {
		e := r.(*execution)
		add("run %s/%s/%s of %s %s %s archived=%v cause=%q %s %s",
			e.project, e.domain, e.name, e.plan.name, e.plan.version,
			e.phase, e.archived, e.cause, text(e.spec), text(e.inputs))
	}
	for _, name := range c.store.below(bucket) {
		if strings.Contains(name, "/unionml-") {
			add("object %s %s", name, c.store.find(name).md5)
		}
	}
	slices.Sort(lines)
	return lines
}

// testState takes {"save": NAME} or {"restore": NAME}, and answers with what
// is there then, once nothing runs.
func (c *cluster) testState(method string, body []byte) (any, error) {
	var q struct{ Save, Restore string }
	if method == "POST" {
		if err := json.Unmarshal(body, &q); err != nil {
			return nil, err
		}
	}
	c.quiet(q.Restore != "")
	switch s := c.snapshots[q.Restore]; {
	case q.Save != "":
		c.snapshots[q.Save] = c.save()
	case q.Restore != "" && s == nil:
		return nil, fmt.Errorf("nothing was saved as '%s'", q.Restore)
	case q.Restore != "":
		c.restore(s)
	}
	return obj{"state": c.show()}, nil
}
