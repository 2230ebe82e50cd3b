// -check: whether an empty cluster takes a document of tasks, workflows and
// launch plans, each as the body of the request that would register it. This
// is the gateway's decoder and the checks of this program, which know fewer
// errors than Flyte's own compiler does.
package main

import (
	"encoding/json"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protojson"
)

type document struct {
	Tasks       []json.RawMessage `json:"tasks"`
	Workflows   []json.RawMessage `json:"workflows"`
	LaunchPlans []json.RawMessage `json:"launch_plans"`
}

// take registers one object.
func (c *cluster) take(message string, body json.RawMessage, do handler) error {
	m := newMessage(message)
	if err := protojson.Unmarshal(body, m); err != nil {
		return err
	}
	q := toObj(m)
	_, err := do(c, q)
	return err
}

// checkDocument names each object that is refused, and why.
func checkDocument(s settings, r io.Reader) error {
	var d document
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return err
	}
	c := newCluster(s)
	// It may hold placeholders in place of a project and a domain.
	c.anywhere = true
	sections := []struct {
		name, message string
		bodies        []json.RawMessage
		do            handler
	}{
		{"tasks", "TaskCreateRequest", d.Tasks, createTask},
		{"workflows", "WorkflowCreateRequest", d.Workflows, createWorkflow},
		{"launch_plans", "LaunchPlanCreateRequest", d.LaunchPlans,
			createLaunchPlan},
	}
	refused, taken := 0, 0
	for _, section := range sections {
		for i, body := range section.bodies {
			if err := c.take(section.message, body, section.do); err != nil {
				fmt.Printf("%s[%d]: %s\n", section.name, i, message(err))
				refused++
				continue
			}
			taken++
		}
	}
	if refused > 0 {
		return fmt.Errorf("%d refused, %d taken", refused, taken)
	}
	fmt.Printf("%d taken\n", taken)
	return nil
}
