// Launch plans: the inputs left open, the schedule, and the active version.
package main

import (
	"time"

	"github.com/robfig/cron/v3"
	"google.golang.org/grpc/codes"
)

// How long an activation takes between looking for the active version and
// writing. Two at once both find none of each other.
const activationTime = 2 * time.Millisecond

func schedule(spec obj) obj {
	return sub(spec, "entity_metadata", "schedule")
}

// cronText also reads the deprecated field.
func cronText(spec obj) string {
	s := schedule(spec)
	if text := str(s, "cron_expression"); text != "" {
		return text
	}
	return str(s, "cron_schedule", "schedule")
}

func scheduleType(spec obj) string {
	switch s := schedule(spec); {
	case s["rate"] != nil:
		return "RATE"
	case s["cron_expression"] != nil || s["cron_schedule"] != nil:
		return "CRON"
	}
	return "NONE"
}

// checkDefaults wants each default or required input to be one of the
// workflow's, of its type.
func checkDefaults(defaults, variables obj) error {
	for _, name := range sorted(defaults) {
		p := sub(defaults, name)
		t := sub(p, "var", "type")
		if t == nil {
			return invalid("The Variable component of the Parameter %s in "+
				"default_inputs either is missing, or has a missing Type",
				name)
		}
		if p["default"] == nil && !isTrue(p, "required") {
			return invalid("Invalid variable %s in default_inputs - variable "+
				"has neither default, nor is required. One must be "+
				"specified", name)
		}
		if d := sub(p, "default"); d != nil &&
			!castable(literalType(d), t) {
			return invalid("Type mismatch for Parameter %s in "+
				"default_inputs has type %s, expected %s", name,
				showType(t), showType(literalType(d)))
		}
		v := sub(variables, name)
		if v == nil {
			return invalid("unexpected default_input %s", name)
		}
		if !castable(t, sub(v, "type")) {
			return invalid("invalid default_input wrong type %s, expected "+
				"%s, got %s instead", name, showType(t),
				showType(sub(v, "type")))
		}
	}
	return nil
}

func checkFixed(fixed, variables obj) error {
	for _, name := range sorted(fixed) {
		v := sub(variables, name)
		if v == nil {
			return invalid("unexpected fixed_input %s", name)
		}
		t := literalType(sub(fixed, name))
		if !castable(t, sub(v, "type")) {
			return invalid("invalid fixed_input wrong type %s, expected %s, "+
				"got %s instead", name, showType(sub(v, "type")),
				showType(t))
		}
	}
	return nil
}

// expectedInputs are what an execution may give, or must.
func expectedInputs(spec, variables obj) (obj, error) {
	defaults := sub(spec, "default_inputs", "parameters")
	fixed := sub(spec, "fixed_inputs", "literals")
	if len(variables) == 0 && len(defaults) > 0 {
		return nil, invalid("invalid launch plan default inputs, expected "+
			"none but found %d", len(defaults))
	}
	if len(variables) == 0 && len(fixed) > 0 {
		return nil, invalid("invalid launch plan fixed inputs, expected "+
			"none but found %d", len(fixed))
	}
	if err := checkDefaults(defaults, variables); err != nil {
		return nil, err
	}
	if err := checkFixed(fixed, variables); err != nil {
		return nil, err
	}
	expected := obj{}
	for name, v := range variables {
		if fixed[name] != nil {
			continue
		}
		if defaults[name] != nil {
			expected[name] = defaults[name]
			continue
		}
		expected[name] = obj{"var": v, "required": true}
	}
	return expected, nil
}

func checkSchedule(spec, expected obj) error {
	s := schedule(spec)
	if scheduleType(spec) == "NONE" {
		return nil
	}
	arg := str(s, "kickoff_time_input_arg")
	for _, name := range sorted(expected) {
		if isTrue(expected, name, "required") && name != arg {
			return invalid("Cannot create a launch plan with a schedule if "+
				"there is an unbound required input. [%s] is required", name)
		}
	}
	if arg != "" {
		t := sub(expected, arg, "var", "type")
		if t == nil {
			return invalid("Cannot create a schedule with a "+
				"KickoffTimeInputArg that does not point to a free input. "+
				"[%s] is not free or does not exist.", arg)
		}
		if str(t, "simple") != "DATETIME" {
			return invalid("KickoffTimeInputArg must reference a datetime "+
				"input. [%s] is a [%s]", arg, showType(t))
		}
	}
	if text := cronText(spec); text != "" {
		if _, err := cron.ParseStandard(text); err != nil {
			return invalid("Invalid cron expression: %v", err)
		}
	}
	return nil
}

func createLaunchPlan(c *cluster, q obj) (any, error) {
	id, spec := sub(q, "id"), sub(q, "spec")
	if err := checkID(id, launchPlans); err != nil {
		return nil, err
	}
	err := c.known(str(id, "project"), str(id, "domain"))
	if err != nil {
		return nil, err
	}
	if spec == nil {
		return nil, invalid("missing spec")
	}
	workflowID := sub(spec, "workflow_id")
	if err := checkID(workflowID, workflows); err != nil {
		return nil, err
	}
	w := c.find(workflows, workflowID)
	if w == nil {
		return nil, missing(workflows, workflowID)
	}
	e, err := newLaunchPlan(id, spec, w)
	if err != nil {
		return nil, err
	}
	return obj{}, c.register(e)
}

// newLaunchPlan checks the spec and fills in the inputs that it leaves open.
func newLaunchPlan(id, spec obj, w *entity) (*entity, error) {
	face := sub(w.spec, "primary", "template", "interface")
	expected, err := expectedInputs(spec, sub(face, "inputs", "variables"))
	if err != nil {
		return nil, err
	}
	if err := checkSchedule(spec, expected); err != nil {
		return nil, err
	}
	spec["default_inputs"] = obj{"parameters": expected}
	outputs := sub(face, "outputs")
	if outputs == nil {
		outputs = obj{}
	}
	e := newEntity(launchPlans, id, spec, obj{
		"expected_inputs":  obj{"parameters": expected},
		"expected_outputs": outputs,
	})
	e.workflow = w
	return e, nil
}

// activeVersions of a name: one, unless two were activated at once.
func (c *cluster) activeVersions(project, domain, name string) []*entity {
	var active []*entity
	for _, r := range c.named(launchPlans, project, domain, name) {
		if e := r.(*entity); e.active {
			active = append(active, e)
		}
	}
	return active
}

// activate ends one other active version. The lock is let go between looking
// and writing, as a real server holds none.
func (c *cluster) activate(e *entity) {
	var former *entity
	for _, a := range c.activeVersions(e.project, e.domain, e.name) {
		if a != e {
			former = a
			break
		}
	}
	c.mu.Unlock()
	time.Sleep(activationTime)
	c.mu.Lock()
	if former != nil {
		former.active = false
		former.changed()
	}
	e.active = true
	e.activated = c.clock.now()
	e.changed()
}

func updateLaunchPlan(c *cluster, q obj) (any, error) {
	id := sub(q, "id")
	e := c.find(launchPlans, id)
	if e == nil {
		return nil, missing(launchPlans, id)
	}
	if str(q, "state") == "ACTIVE" {
		c.activate(e)
		return obj{}, nil
	}
	e.active = false
	e.updated = c.clock.now()
	e.changed()
	return obj{}, nil
}

func getActive(c *cluster, q obj) (any, error) {
	id := sub(q, "id")
	active := c.activeVersions(str(id, "project"), str(id, "domain"),
		str(id, "name"))
	if len(active) == 0 {
		return nil, fail(codes.NotFound, "No active launch plan could be "+
			"found: %s:%s:%s", str(id, "project"), str(id, "domain"),
			str(id, "name"))
	}
	return active[0], nil
}

func listActive(c *cluster, q obj) (any, error) {
	var items []record
	for _, e := range c.activeVersions(str(q, "project"), str(q, "domain"),
		"") {
		items = append(items, e)
	}
	return planTable.list(items, q, true)
}
