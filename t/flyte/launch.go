// Starting executions: by a launch plan, of one task, again, or where an
// earlier one broke off.
package main

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

var (
	runForm   = regexp.MustCompile(`^[a-z][a-z\-0-9]*$`)
	labelForm = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
)

const runNameLimit = 63

// madeName is what the server calls an execution without a name.
func madeName() string {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	name := []byte{'a'}
	for len(name) < 20 {
		name = append(name, letters[rand.IntN(len(letters))])
	}
	return string(name)
}

func runName(given string) (string, error) {
	if given == "" {
		return madeName(), nil
	}
	name := strings.ToLower(given)
	if len(name) > runNameLimit {
		return "", invalid("size of name exceeded length %d : %s",
			runNameLimit, name)
	}
	if !runForm.MatchString(name) {
		return "", invalid("invalid name format: %s, does not match regex "+
			"'%s'", name, runForm)
	}
	return name, nil
}

// runInputs are those given, then defaults, then fixed ones.
func runInputs(given obj, plan *entity) (obj, error) {
	inputs := obj{}
	expected := sub(plan.closure, "expected_inputs", "parameters")
	for _, name := range sorted(given) {
		if expected[name] == nil {
			return nil, invalid("invalid input %s", name)
		}
		inputs[name] = given[name]
	}
	for _, name := range sorted(expected) {
		p := sub(expected, name)
		if inputs[name] == nil {
			if isTrue(p, "required") {
				return nil, invalid("expected_inputs %s missing", name)
			}
			inputs[name] = p["default"]
			continue
		}
		t := literalType(sub(inputs, name))
		if !castable(t, sub(p, "var", "type")) {
			return nil, invalid("invalid %s input wrong type. Expected %s, "+
				"but got %s", name, showType(sub(p, "var", "type")),
				showType(t))
		}
	}
	fixed := sub(plan.spec, "fixed_inputs", "literals")
	for name, literal := range fixed {
		inputs[name] = literal
	}
	return inputs, nil
}

// planOfTask makes the workflow and launch plan that a run of one task leaves
// behind.
func (c *cluster) planOfTask(t *entity) (*entity, error) {
	id := obj{"project": t.project, "domain": t.domain,
		"name": ".flytegen." + t.name, "version": t.version,
		"resource_type": "LAUNCH_PLAN"}
	if e := c.find(launchPlans, id); e != nil {
		return e, nil
	}
	node := strings.ToLower(regexp.MustCompile(`[^A-Za-z0-9]+`).
		ReplaceAllString(t.name, "-"))
	face := sub(t.spec, "template", "interface")
	var inputs, outputs []any
	bind := func(from, name string) obj {
		return obj{"var": name, "binding": obj{"promise": obj{
			"node_id": from, "var": name}}}
	}
	for _, name := range sorted(sub(face, "inputs", "variables")) {
		inputs = append(inputs, bind(startNode, name))
	}
	for _, name := range sorted(sub(face, "outputs", "variables")) {
		outputs = append(outputs, bind(node, name))
	}
	workflowID := obj{"project": t.project, "domain": t.domain,
		"name": id["name"], "version": t.version,
		"resource_type": "WORKFLOW"}
	closure, err := c.compile(workflowID, obj{"id": workflowID,
		"interface": face, "outputs": outputs, "nodes": []any{obj{
			"id": node, "metadata": obj{"name": t.name},
			"inputs":    inputs,
			"task_node": obj{"reference_id": t.id()}}}})
	if err != nil {
		return nil, err
	}
	w := newEntity(workflows, workflowID, closure,
		obj{"compiled_workflow": closure})
	if err := c.register(w); err != nil {
		return nil, err
	}
	plan, err := newLaunchPlan(id, obj{"workflow_id": workflowID}, w)
	if err != nil {
		return nil, err
	}
	return plan, c.register(plan)
}

// target finds what is to be run.
func (c *cluster) target(id obj) (plan, task *entity, err error) {
	for _, part := range []string{"project", "domain", "name", "version"} {
		if str(id, part) == "" {
			return nil, nil, invalid("missing %s", part)
		}
	}
	switch str(id, "resource_type") {
	case "LAUNCH_PLAN", "":
		plan = c.find(launchPlans, id)
		if plan == nil {
			return nil, nil, missing(launchPlans, id)
		}
		return plan, nil, nil
	case "TASK":
		task = c.find(tasks, id)
		if task == nil {
			return nil, nil, missing(tasks, id)
		}
		plan, err = c.planOfTask(task)
		return plan, task, err
	}
	return nil, nil, invalid("Invalid reference entity resource type [%s], "+
		"only [map[TASK:{} LAUNCH_PLAN:{}]] allowed",
		str(id, "resource_type"))
}

// limited: the policy counts all versions of the name. Runs that are created
// together do not see each other.
func (c *cluster) limited(plan *entity) error {
	policy := sub(plan.spec, "concurrency_policy")
	most := num(policy, "max")
	if most == 0 {
		return nil
	}
	going := 0
	for _, r := range c.runList {
		e := r.(*execution)
		if e.plan.project == plan.project && e.plan.domain == plan.domain &&
			e.plan.name == plan.name &&
			(e.phase == "QUEUED" || e.phase == "RUNNING") {
			going++
		}
	}
	if going >= most {
		return fail(codes.AlreadyExists, "concurrency limit (%d) reached "+
			"for launch plan %s; skipping execution", most, plan.name)
	}
	c.mu.Unlock()
	time.Sleep(activationTime)
	c.mu.Lock()
	return nil
}

// add stores a new execution and starts it. A refused one has overwritten the
// inputs of the one of its name.
func (c *cluster) add(e *execution) (any, error) {
	if old := c.runs[e.key()]; old != nil {
		old.inputs = e.inputs
	}
	if err := c.limited(e.plan); err != nil {
		return nil, err
	}
	if c.runs[e.key()] != nil {
		return nil, fail(codes.AlreadyExists, "value with matching already "+
			"exists (duplicate key value violates unique constraint "+
			"\"executions_pkey\")")
	}
	e.created = c.clock.now()
	e.updated, e.stateChanged = e.created, e.created
	e.phase = "QUEUED"
	e.stop = make(chan struct{})
	c.runs[e.key()] = e
	c.runList = append(c.runList, e)
	changes++
	c.engine.start(e)
	return obj{"id": e.id()}, nil
}

// shownSpec is the request's, as it is answered.
func shownSpec(spec obj, e *execution) obj {
	shown := clone(spec).(obj)
	delete(shown, "inputs")
	metadata := sub(shown, "metadata")
	if metadata == nil {
		metadata = obj{}
		shown["metadata"] = metadata
	}
	delete(metadata, "principal")
	metadata["system_metadata"] = obj{"namespace": e.project + "-" + e.domain}
	if shown["max_parallelism"] == nil {
		shown["max_parallelism"] = 25.0
	}
	return shown
}

func (c *cluster) newExecution(q obj) (*execution, error) {
	for _, part := range []string{"project", "domain"} {
		if str(q, part) == "" {
			return nil, invalid("missing %s", part)
		}
	}
	name, err := runName(str(q, "name"))
	if err != nil {
		return nil, err
	}
	err = c.known(str(q, "project"), str(q, "domain"))
	if err != nil {
		return nil, err
	}
	spec := sub(q, "spec")
	if spec == nil {
		return nil, invalid("missing spec")
	}
	plan, task, err := c.target(sub(spec, "launch_plan"))
	if err != nil {
		return nil, err
	}
	given := sub(q, "inputs", "literals")
	if given == nil {
		given = sub(spec, "inputs", "literals")
	}
	inputs, err := runInputs(given, plan)
	if err != nil {
		return nil, err
	}
	e := &execution{project: str(q, "project"), domain: str(q, "domain"),
		name: name, plan: plan, workflow: plan.workflow, task: task,
		inputs: inputs}
	e.spec = shownSpec(spec, e)
	return e, nil
}

func createExecution(c *cluster, q obj) (any, error) {
	e, err := c.newExecution(q)
	if err != nil {
		return nil, err
	}
	return c.add(e)
}

// again makes an execution like another, from its stored inputs.
func (c *cluster) again(q obj, mode string) (*execution, error) {
	old, err := c.findRun(sub(q, "id"))
	if err != nil {
		return nil, err
	}
	name, err := runName(str(q, "name"))
	if err != nil {
		return nil, err
	}
	e := &execution{project: old.project, domain: old.domain, name: name,
		plan: old.plan, workflow: old.workflow, task: old.task,
		inputs: old.inputs}
	e.spec = shownSpec(old.spec, e)
	metadata := sub(e.spec, "metadata")
	metadata["mode"] = mode
	metadata["reference_execution"] = old.id()
	if mode == "RECOVERED" {
		e.recoverFrom = old
	}
	return e, nil
}

func relaunchExecution(c *cluster, q obj) (any, error) {
	e, err := c.again(q, "RELAUNCH")
	if err != nil {
		return nil, err
	}
	if isTrue(q, "overwrite_cache") {
		e.spec["overwrite_cache"] = true
	}
	return c.add(e)
}

func recoverExecution(c *cluster, q obj) (any, error) {
	e, err := c.again(q, "RECOVERED")
	if err != nil {
		return nil, err
	}
	return c.add(e)
}
