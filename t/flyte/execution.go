// An execution: what is kept of it, and how it is shown.
package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// How long a run is being stopped.
const abortTime = 30 * time.Millisecond

type execution struct {
	cached
	project, domain, name string
	spec                  obj
	plan, workflow        *entity
	task                  *entity // of a run of one task

	// What is stored, which a refused duplicate overwrites; a run that goes
	// on has taken its own.
	inputs  obj
	outputs obj

	phase                     string
	created, updated, started time.Time
	ended                     time.Time
	failure                   obj
	aborted                   bool
	cause                     string
	archived                  bool
	stateChanged              time.Time
	nodes                     []*nodeRun
	recoverFrom               *execution
	stop                      chan struct{}
}

var modeNumbers = map[string]int64{
	"": 0, "SCHEDULED": 1, "SYSTEM": 2, "RELAUNCH": 3, "CHILD_WORKFLOW": 4,
	"RECOVERED": 5, "TRIGGER": 6,
}

func (e *execution) key() runKey {
	return runKey{e.project, e.domain, e.name}
}

func (e *execution) id() obj {
	return obj{"project": e.project, "domain": e.domain, "name": e.name}
}

func (e *execution) over() bool {
	switch e.phase {
	case "SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT":
		return true
	}
	return false
}

// ending: over, or as good as that for whatever would go on with it.
func (e *execution) ending() bool { return e.aborted || e.over() }

func (e *execution) mode() string { return str(e.spec, "metadata", "mode") }

func optionalTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

func (e *execution) column(name string) any {
	switch name {
	case "phase":
		return e.phase
	case "mode":
		return modeNumbers[e.mode()]
	case "state":
		if e.archived {
			return int64(1)
		}
		return int64(0)
	case "execution_project":
		return e.project
	case "execution_domain":
		return e.domain
	case "execution_name":
		return e.name
	case "created_at", "execution_created_at":
		return e.created
	case "updated_at", "execution_updated_at":
		return e.updated
	case "started_at":
		return optionalTime(e.started)
	case "duration":
		if e.ended.IsZero() {
			return time.Duration(0)
		}
		return e.ended.Sub(e.started)
	case "abort_cause":
		return e.cause
	case "error_kind":
		return str(e.failure, "kind")
	case "error_code":
		return str(e.failure, "code")
	case "user", "cluster":
		return ""
	case "launch_entity":
		return str(e.spec, "launch_plan", "resource_type")
	case "admin_tag.name":
		tags := []string{}
		for _, t := range list(e.spec, "tags") {
			tags = append(tags, t.(string))
		}
		return tags
	}
	if column, ok := strings.CutPrefix(name, "launch_plan."); ok {
		return e.plan.column(column)
	}
	if column, ok := strings.CutPrefix(name, "workflow."); ok {
		return e.workflow.column(column)
	}
	if column, ok := strings.CutPrefix(name, "task."); ok && e.task != nil {
		return e.task.column(column)
	}
	return nil
}

// formatSeconds is a duration as protojson reads and writes it.
func formatSeconds(d time.Duration) string {
	text := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
	for strings.HasSuffix(text, "000") {
		text = strings.TrimSuffix(text, "000")
	}
	return strings.TrimSuffix(text, ".") + "s"
}

func (e *execution) message() proto.Message {
	return e.once(func() proto.Message { return e.build(e.failure) })
}

// listedRun is a run as lists show it.
type listedRun struct{ *execution }

func (l listedRun) message() proto.Message {
	return l.build(cutFailure(l.failure))
}

// cutFailure: lists keep the first hundred bytes of what went wrong.
func cutFailure(failure obj) obj {
	text := str(failure, "message")
	if len(text) <= 100 {
		return failure
	}
	failure = maps.Clone(failure)
	failure["message"] = strings.ToValidUTF8(text[:100], "")
	return failure
}

func (e *execution) build(failure obj) proto.Message {
	closure := obj{"phase": e.phase, "created_at": stamp(e.created),
		"updated_at":  stamp(e.updated),
		"started_at":  stamp(e.started),
		"workflow_id": e.workflow.id()}
	change := obj{"occurred_at": stamp(e.stateChanged)}
	if e.archived {
		change["state"] = "EXECUTION_ARCHIVED"
	}
	closure["state_change_details"] = change
	if e.over() && !e.started.IsZero() {
		closure["duration"] = formatSeconds(e.ended.Sub(e.started))
	}
	switch {
	case e.phase == "SUCCEEDED":
		closure["outputs"] = obj{"uri": e.dataURI(endNode,
			"data/0/outputs.pb")}
	case e.aborted:
		closure["abort_metadata"] = obj{"cause": e.cause}
	case failure != nil:
		closure["error"] = failure
	}
	return toMessage("Execution", obj{"id": e.id(), "spec": e.spec,
		"closure": closure})
}

// dataURI is where propeller keeps what belongs to a node.
func (e *execution) dataURI(node, file string) string {
	return "s3://" + bucket + "/metadata/propeller/" + e.project + "-" +
		e.domain + "-" + e.name + "/" + node + "/" + file
}

func (c *cluster) findRun(id obj) (*execution, error) {
	key := runKey{str(id, "project"), str(id, "domain"), str(id, "name")}
	if e := c.runs[key]; e != nil {
		return e, nil
	}
	return nil, fail(codes.NotFound, "missing entity of type execution with "+
		"identifier %s", show("WorkflowExecutionIdentifier", id))
}

func getExecution(c *cluster, q obj) (any, error) {
	e, err := c.findRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	return e, nil
}

// listExecutions leaves out archived ones unless the state is asked for.
func listExecutions(c *cluster, q obj) (any, error) {
	filters, err := runTable.parseFilters(str(q, "filters"))
	if err != nil {
		return nil, err
	}
	all := slices.ContainsFunc(filters, func(f filter) bool {
		return f.column == "state"
	})
	return c.listKept(runTable, q, func() []record {
		var items []record
		for _, r := range c.runList {
			e := r.(*execution)
			if e.project == str(q, "id", "project") &&
				e.domain == str(q, "id", "domain") &&
				(all || !e.archived) {
				items = append(items, listedRun{e})
			}
		}
		return items
	})
}

func updateExecution(c *cluster, q obj) (any, error) {
	e, err := c.findRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	e.archived = str(q, "state") == "EXECUTION_ARCHIVED"
	e.stateChanged = c.clock.now()
	e.changed()
	return obj{}, nil
}

func terminateExecution(c *cluster, q obj) (any, error) {
	e, err := c.findRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	if e.over() {
		return nil, failWith(codes.FailedPrecondition, "Cannot abort an "+
			"already terminated workflow execution", "EventFailureReason",
			obj{"already_in_terminal_state": obj{
				"current_phase": e.phase}})
	}
	if !e.aborted {
		close(e.stop)
		c.engine.going.Add(1)
		go e.abort(c)
	}
	e.aborted, e.cause = true, str(q, "cause")
	e.setPhase(c, "ABORTING")
	return obj{}, nil
}

// abort is propeller's part: it is some time before the run is at its end.
func (e *execution) abort(c *cluster) {
	defer c.engine.going.Done()
	time.Sleep(abortTime)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.over() {
		return
	}
	e.finish(c, "ABORTED")
	for _, n := range e.nodes {
		n.abort(c.clock.now())
	}
}

// setPhase notes when.
func (e *execution) setPhase(c *cluster, phase string) {
	e.phase = phase
	e.updated = c.clock.now()
	e.changed()
}

func (e *execution) finish(c *cluster, phase string) {
	e.setPhase(c, phase)
	e.ended = e.updated
	if e.started.IsZero() && !e.aborted {
		e.started = e.ended
	}
}

// settle gives a run that nobody runs what belongs to its phase.
func (e *execution) settle(phase string) {
	switch phase {
	case "SUCCEEDED":
		e.outputs = obj{}
	case "FAILED", "FAILING":
		e.failure = obj{"code": "RetriesExhausted|Interrupted",
			"kind": "USER", "message": "[1/1] currentAttempt done. Last " +
				"Error: USER::Pod failed."}
	case "ABORTED", "ABORTING":
		e.aborted = true
	}
}

// data is the answer about inputs and outputs, of whatever has them.
func (c *cluster) data(inputs, outputs obj, prefix string) obj {
	o := obj{"full_inputs": literalMap(inputs),
		"full_outputs": literalMap(outputs),
		"inputs":       c.literalBlob(prefix+"/inputs.pb", inputs),
		"outputs":      obj{"url": ""}}
	if outputs != nil {
		o["outputs"] = c.literalBlob(prefix+"/outputs.pb", outputs)
	}
	return o
}

func literalMap(literals obj) obj {
	if literals == nil {
		literals = obj{}
	}
	return obj{"literals": literals}
}

func getExecutionData(c *cluster, q obj) (any, error) {
	e, err := c.findRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	return c.data(e.inputs, e.outputs, "data/"+e.name), nil
}
