// What propeller does: runs the nodes of an execution in the order of their
// data, tries tasks again, and keeps the phases.
package main

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

type engine struct {
	c       *cluster
	going   sync.WaitGroup
	closing chan struct{}
}

func newEngine(c *cluster) *engine {
	return &engine{c: c, closing: make(chan struct{})}
}

// start is called with the cluster's lock held.
func (e *engine) start(run *execution) {
	switch way := e.c.settings.run; way {
	case "process":
	case "no":
		return
	default:
		run.started = e.c.clock.now()
		run.settle(way)
		run.finish(e.c, way)
		return
	}
	e.going.Add(1)
	go func() {
		defer e.going.Done()
		(&graphRun{engine: e, c: e.c, run: run}).execute()
	}()
}

// close stops whatever goes on, and waits for it.
func (e *engine) close() {
	close(e.closing)
	e.going.Wait()
}

// graphRun is the way through one execution's nodes.
type graphRun struct {
	engine  *engine
	c       *cluster
	run     *execution
	nodes   map[string]obj
	waiting map[string][]string // node: those it waits for
	results results
	failed  *nodeRun
	halt    chan struct{} // closed when the other nodes are to stop
}

type ended struct {
	node *nodeRun
	ok   bool
}

// prepare reads the workflow; false if the run is over already.
func (g *graphRun) prepare() bool {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	if g.run.ending() {
		return false
	}
	primary := sub(g.run.workflow.spec, "primary")
	g.nodes = map[string]obj{}
	g.waiting = map[string][]string{}
	for _, n := range list(primary, "template", "nodes") {
		id := str(n.(obj), "id")
		if id == startNode || id == endNode {
			continue
		}
		g.nodes[id] = n.(obj)
		g.waiting[id] = nil
		for _, up := range list(primary, "connections", "upstream", id,
			"ids") {
			if up != startNode {
				g.waiting[id] = append(g.waiting[id], up.(string))
			}
		}
	}
	g.results = results{startNode: clone(g.run.inputs).(obj)}
	g.halt = make(chan struct{})
	g.run.setPhase(g.c, "RUNNING")
	g.run.started = g.run.updated
	g.system(startNode, "SUCCEEDED")
	return true
}

// system adds a node that runs nothing.
func (g *graphRun) system(id, phase string) *nodeRun {
	now := g.c.clock.now()
	n := &nodeRun{run: g.run, id: id, phase: phase, created: now,
		updated: now}
	g.run.nodes = append(g.run.nodes, n)
	return n
}

func (g *graphRun) failFast() bool {
	return str(g.run.workflow.spec, "primary", "template", "metadata",
		"on_failure") != "FAIL_AFTER_EXECUTABLE_NODES_COMPLETE"
}

// ready takes the nodes that wait for nothing any more.
func (g *graphRun) ready() []string {
	var ids []string
	for id, ups := range g.waiting {
		if !slices.ContainsFunc(ups, func(up string) bool {
			return g.results[up] == nil
		}) {
			ids = append(ids, id)
			delete(g.waiting, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (g *graphRun) execute() {
	if !g.prepare() {
		return
	}
	done := make(chan ended)
	going := 0
	for {
		if g.failed == nil || !g.failFast() {
			for _, id := range g.ready() {
				going++
				go func() { done <- g.node(id) }()
			}
		}
		if going == 0 {
			break
		}
		e := <-done
		going--
		if e.ok {
			g.c.mu.Lock()
			g.results[e.node.id] = e.node.outputs
			g.c.mu.Unlock()
		} else if g.failed == nil {
			g.fail(e.node)
		}
	}
	g.finish()
}

func (g *graphRun) fail(n *nodeRun) {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	g.failed = n
	if !g.run.ending() {
		g.run.setPhase(g.c, "FAILING")
	}
	if g.failFast() {
		close(g.halt)
	}
}

func (g *graphRun) finish() {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	if g.run.ending() {
		return
	}
	if g.failed != nil {
		g.run.failure = g.failed.failure
		g.run.finish(g.c, "FAILED")
		return
	}
	outputs, err := g.results.bind(list(g.run.workflow.spec, "primary",
		"template", "outputs"))
	if err != nil {
		g.run.failure = obj{"code": "BindingResolutionError",
			"kind": "SYSTEM", "message": err.Error()}
		g.run.finish(g.c, "FAILED")
		return
	}
	g.run.outputs = outputs
	g.system(endNode, "SUCCEEDED").outputs = outputs
	g.run.finish(g.c, "SUCCEEDED")
}

// begin adds a node, with its inputs, and takes over what an earlier run that
// is recovered had done.
func (g *graphRun) begin(id string) (*nodeRun, bool) {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	n := g.system(id, "QUEUED")
	n.task = g.c.find(tasks, sub(g.nodes[id], "task_node", "reference_id"))
	inputs, err := g.results.bind(list(g.nodes[id], "inputs"))
	n.inputs = inputs
	if err != nil {
		n.failure = obj{"code": "BindingResolutionError", "kind": "SYSTEM",
			"message": "Error binding Input: " + err.Error()}
		n.setPhase("FAILED", g.c.clock.now())
		return n, true
	}
	if g.run.ending() {
		n.setPhase("ABORTED", g.c.clock.now())
		return n, true
	}
	if old := g.recovered(id); old != nil {
		n.outputs = old.outputs
		n.setPhase("RECOVERED", g.c.clock.now())
		return n, true
	}
	n.setPhase("RUNNING", g.c.clock.now())
	return n, false
}

func (g *graphRun) recovered(id string) *nodeRun {
	if g.run.recoverFrom == nil {
		return nil
	}
	for _, n := range g.run.recoverFrom.nodes {
		if n.id == id && (n.phase == "SUCCEEDED" || n.phase == "RECOVERED") {
			return n
		}
	}
	return nil
}

// retries: the node's own go before the task's.
func (g *graphRun) retries(n *nodeRun) int {
	if r := sub(g.nodes[n.id], "metadata", "retries"); r != nil {
		return num(r, "retries")
	}
	return num(n.task.spec, "template", "metadata", "retries", "retries")
}

func (g *graphRun) timeout(n *nodeRun) time.Duration {
	d, _ := time.ParseDuration(str(g.nodes[n.id], "metadata", "timeout"))
	return d
}

// node runs one to its end, with all attempts.
func (g *graphRun) node(id string) ended {
	n, over := g.begin(id)
	if over {
		return ended{n, n.phase == "RECOVERED"}
	}
	users, systems := 0, 0
	for {
		t := g.attempt(n)
		o := g.container(t).run()
		g.c.mu.Lock()
		switch {
		case n.over():
			// Terminated meanwhile.
			g.c.mu.Unlock()
			return ended{n, false}
		case o.stopped:
			n.abort(g.c.clock.now())
			g.c.mu.Unlock()
			return ended{n, false}
		case o.failure == nil:
			t.outputs, n.outputs = o.outputs, o.outputs
			t.setPhase("SUCCEEDED", g.c.clock.now())
			n.setPhase("SUCCEEDED", g.c.clock.now())
			g.c.mu.Unlock()
			return ended{n, true}
		}
		t.failure = o.failure
		t.setPhase(o.phase, g.c.clock.now())
		limit := g.retries(n) + 1
		count := &users
		if str(o.failure, "kind") == "SYSTEM" {
			count, limit = &systems, g.c.settings.attempts
		}
		*count++
		last := *count >= limit && count == &users || *count > limit
		if last {
			g.exhausted(n, o.failure, limit)
		}
		g.c.mu.Unlock()
		if last {
			return ended{n, false}
		}
	}
}

func (g *graphRun) attempt(n *nodeRun) *taskRun {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	now := g.c.clock.now()
	t := &taskRun{node: n, attempt: len(n.attempts), created: now}
	t.setPhase("RUNNING", now)
	n.attempts = append(n.attempts, t)
	return t
}

// exhausted ends a node after its last attempt.
func (g *graphRun) exhausted(n *nodeRun, last obj, limit int) {
	n.failure = obj{"code": "RetriesExhausted|" + str(last, "code"),
		"kind": "USER", "message": fmt.Sprintf("[%d/%d] currentAttempt "+
			"done. Last Error: %s::%s", limit, limit, str(last, "kind"),
			str(last, "message"))}
	if str(last, "kind") == "" {
		n.failure["message"] = fmt.Sprintf("[%d/%d] currentAttempt done. "+
			"Last Error: UNKNOWN::%s", limit, limit, str(last, "message"))
	}
	n.setPhase("FAILED", g.c.clock.now())
}
