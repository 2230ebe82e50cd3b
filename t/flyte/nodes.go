// Node and task executions: what is kept of them, and how they are shown.
package main

import (
	"fmt"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

type nodeRun struct {
	cached
	run              *execution
	id               string
	task             *entity
	phase            string
	created, updated time.Time
	started, ended   time.Time
	inputs, outputs  obj
	failure          obj
	attempts         []*taskRun
}

type taskRun struct {
	cached
	node             *nodeRun
	attempt          int
	phase            string
	created, updated time.Time
	started, ended   time.Time
	outputs          obj
	failure          obj
	reason           string
}

func (n *nodeRun) nodeID() obj {
	return obj{"node_id": n.id, "execution_id": n.run.id()}
}

func (n *nodeRun) over() bool {
	switch n.phase {
	case "SUCCEEDED", "FAILED", "ABORTED", "SKIPPED", "TIMED_OUT",
		"RECOVERED":
		return true
	}
	return false
}

func (n *nodeRun) setPhase(phase string, now time.Time) {
	n.phase, n.updated = phase, now
	if n.over() {
		n.ended = now
	} else if phase == "RUNNING" && n.started.IsZero() {
		n.started = now
	}
	n.changed()
}

func (t *taskRun) setPhase(phase string, now time.Time) {
	t.phase, t.updated = phase, now
	switch phase {
	case "SUCCEEDED", "FAILED", "ABORTED":
		t.ended = now
	case "RUNNING":
		t.started = now
	}
	t.changed()
}

// abort ends what had not ended.
func (n *nodeRun) abort(now time.Time) {
	if n.over() {
		return
	}
	n.setPhase("ABORTED", now)
	for _, t := range n.attempts {
		if t.ended.IsZero() {
			t.setPhase("ABORTED", now)
		}
	}
}

func (n *nodeRun) column(name string) any {
	switch name {
	case "node_id":
		return n.id
	case "phase":
		return n.phase
	case "created_at", "node_execution_created_at":
		return n.created
	case "updated_at", "node_execution_updated_at":
		return n.updated
	case "started_at":
		return optionalTime(n.started)
	case "duration":
		return lasted(n.started, n.ended)
	case "error_kind":
		return str(n.failure, "kind")
	case "error_code":
		return str(n.failure, "code")
	}
	return nil
}

func lasted(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return to.Sub(from)
}

// result is what a closure says of the end: a failure, or where outputs are.
func result(closure obj, failure, outputs obj, uri string) {
	if failure != nil {
		closure["error"] = failure
	} else if outputs != nil {
		closure["output_uri"] = uri
	}
}

func (n *nodeRun) message() proto.Message {
	return n.once(func() proto.Message { return n.build(n.failure) })
}

// listedNode is a node as lists show it.
type listedNode struct{ *nodeRun }

func (l listedNode) message() proto.Message {
	return l.build(cutFailure(l.failure))
}

func (n *nodeRun) build(failure obj) proto.Message {
	closure := obj{"phase": n.phase, "created_at": stamp(n.created),
		"updated_at": stamp(n.updated), "started_at": stamp(n.started)}
	if !n.started.IsZero() && !n.ended.IsZero() {
		closure["duration"] = formatSeconds(n.ended.Sub(n.started))
	}
	if n.task != nil {
		closure["task_node_metadata"] = obj{"checkpoint_uri": n.run.
			dataURI(n.id, "data/0/_flytecheckpoints")}
	}
	result(closure, failure, n.outputs,
		n.run.dataURI(n.id, "data/0/outputs.pb"))
	return toMessage("NodeExecution", obj{"id": n.nodeID(),
		"input_uri": n.run.dataURI(n.id, "data/inputs.pb"),
		"closure":   closure,
		"metadata":  obj{"spec_node_id": n.id}})
}

// podName is also the last part of a raw output's place.
func (t *taskRun) podName() string {
	return fmt.Sprintf("%s-%s-%d", t.node.run.name, t.node.id, t.attempt)
}

func (t *taskRun) column(name string) any {
	switch name {
	case "phase":
		return t.phase
	case "retry_attempt":
		return int64(t.attempt)
	case "created_at", "task_execution_created_at":
		return t.created
	case "updated_at", "task_execution_updated_at":
		return t.updated
	case "started_at":
		return optionalTime(t.started)
	case "duration":
		return lasted(t.started, t.ended)
	}
	return nil
}

func (t *taskRun) message() proto.Message {
	return t.once(func() proto.Message {
		closure := obj{"phase": t.phase, "created_at": stamp(t.created),
			"updated_at": stamp(t.updated), "started_at": stamp(t.started),
			"reason":        t.reason,
			"task_type":     str(t.node.task.spec, "template", "type"),
			"event_version": 1.0,
			"metadata": obj{"generated_name": t.podName(),
				"plugin_identifier": "container"},
			"logs": []any{obj{"name": "Kubernetes Logs (User)",
				"message_format": "JSON", "uri": "http://localhost/#!/log/" +
					t.podName()}},
			"reasons": []any{obj{"occurred_at": stamp(t.created),
				"message": "task submitted to K8s"}}}
		if !t.started.IsZero() && !t.ended.IsZero() {
			closure["duration"] = formatSeconds(t.ended.Sub(t.started))
		}
		result(closure, t.failure, t.outputs, t.node.run.dataURI(t.node.id,
			"data/"+strconv.Itoa(t.attempt)+"/outputs.pb"))
		return toMessage("TaskExecution", obj{
			"id": obj{"task_id": t.node.task.id(),
				"node_execution_id": t.node.nodeID(),
				"retry_attempt":     t.attempt},
			"input_uri": t.node.run.dataURI(t.node.id, "data/inputs.pb"),
			"closure":   closure})
	})
}

// findNode gives an error like that of a missing execution.
func (c *cluster) findNode(id obj) (*nodeRun, error) {
	run, err := c.findRun(sub(id, "execution_id"))
	if err == nil {
		for _, n := range run.nodes {
			if n.id == str(id, "node_id") {
				return n, nil
			}
		}
	}
	return nil, fail(codes.NotFound, "missing entity of type node execution "+
		"with identifier %s", show("NodeExecutionIdentifier", id))
}

func getNode(c *cluster, q obj) (any, error) {
	n, err := c.findNode(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	return n, nil
}

// listNodes: of an execution that is not there, an empty list.
func listNodes(c *cluster, q obj) (any, error) {
	var items []record
	if run, err := c.findRun(sub(q, "workflow_execution_id")); err == nil {
		for _, n := range run.nodes {
			items = append(items, listedNode{n})
		}
	}
	return nodeTable.list(items, q, true)
}

func (c *cluster) findTaskRun(id obj) (*taskRun, error) {
	n, err := c.findNode(sub(id, "node_execution_id"))
	if err == nil {
		want := num(id, "retry_attempt")
		if want < len(n.attempts) && n.task != nil &&
			versionKey(n.task.id()) == versionKey(sub(id, "task_id")) {
			return n.attempts[want], nil
		}
	}
	return nil, fail(codes.NotFound, "missing entity of type task execution "+
		"with identifier %s", show("TaskExecutionIdentifier", id))
}

func getTaskExecution(c *cluster, q obj) (any, error) {
	t, err := c.findTaskRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	return t, nil
}

func listTaskExecutions(c *cluster, q obj) (any, error) {
	var items []record
	n, err := c.findNode(sub(q, "node_execution_id"))
	if err == nil {
		for _, t := range n.attempts {
			items = append(items, t)
		}
	}
	return taskRunTable.list(items, q, true)
}

func (n *nodeRun) flyteURLs(suffix string) obj {
	base := "flyte://v1/" + n.run.project + "/" + n.run.domain + "/" +
		n.run.name + "/" + n.id + suffix
	return obj{"inputs": base + "/i", "outputs": base + "/o"}
}

func getNodeData(c *cluster, q obj) (any, error) {
	n, err := c.findNode(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	o := c.data(n.inputs, n.outputs, "data/"+n.run.name+"/"+n.id)
	o["flyte_urls"] = n.flyteURLs("")
	return o, nil
}

func getTaskData(c *cluster, q obj) (any, error) {
	t, err := c.findTaskRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	o := c.data(t.node.inputs, t.outputs, "data/"+t.podName())
	o["flyte_urls"] = t.node.flyteURLs("/" + strconv.Itoa(t.attempt))
	return o, nil
}
