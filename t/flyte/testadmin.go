// What a test does to the cluster behind the API's back, under /_test/.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func (c *cluster) serveTest(w http.ResponseWriter, r *http.Request) {
	var v any
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
	case r.URL.Path == "/_test/faults":
		v, err = c.testFaults(r.Method, body)
	case r.URL.Path == "/_test/clock":
		v, err = c.testClock(r.Method, body)
	case r.URL.Path == "/_test/scheduler":
		v, err = c.sched.test(r.Method, body)
	case r.URL.Path == "/_test/run" && r.Method == http.MethodPost:
		v, err = c.testRun(body)
	case r.URL.Path == "/_test/state":
		v, err = c.testState(r.Method, body)
	case r.URL.Path == "/_test/executions" && r.Method == http.MethodPost:
		v, err = c.testExecutions(body)
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		writeJSON(w, http.StatusBadRequest, obj{"error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, v)
}

func (c *cluster) testFaults(method string, body []byte) (any, error) {
	switch method {
	case http.MethodPost:
		if err := c.faults.add(body); err != nil {
			return nil, err
		}
	case http.MethodDelete:
		c.faults.clear()
	}
	rules, fired, noted := c.faults.counts()
	return obj{"rules": rules, "fired": fired, "noted": noted}, nil
}

// testClock takes {"now": TIME}, {"advance": DURATION}, with "frozen" or not.
func (c *cluster) testClock(method string, body []byte) (any, error) {
	if method == http.MethodPost {
		var q struct {
			Now     time.Time `json:"now"`
			Advance string    `json:"advance"`
			Frozen  bool      `json:"frozen"`
		}
		if err := json.Unmarshal(body, &q); err != nil {
			return nil, err
		}
		t := q.Now
		if t.IsZero() {
			t = c.clock.now()
		}
		if q.Advance != "" {
			d, err := time.ParseDuration(q.Advance)
			if err != nil {
				return nil, err
			}
			t = t.Add(d)
		}
		if q.Frozen && c.clock.stopped() && t.After(c.clock.now()) {
			c.sched.advance(t)
		} else {
			c.clock.set(t, q.Frozen)
			c.sched.wake()
		}
	}
	return obj{"now": stamp(c.clock.now())}, nil
}

// testRun says what becomes of executions from now on, as -run does.
func (c *cluster) testRun(body []byte) (any, error) {
	var q struct {
		Way string `json:"way"`
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings.run = q.Way
	return obj{"way": q.Way}, nil
}

// testExecutions adds runs that are over, for lists of any length.
func (c *cluster) testExecutions(body []byte) (any, error) {
	var q struct {
		Project  string    `json:"project"`
		Domain   string    `json:"domain"`
		Plan     string    `json:"launch_plan"`
		Version  string    `json:"version"`
		Count    int       `json:"count"`
		From     time.Time `json:"from"`
		Every    string    `json:"every"`
		Duration string    `json:"duration"`
		Phase    string    `json:"phase"`
		Manual   bool      `json:"manual"`
	}
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	plan := c.find(launchPlans, obj{"project": q.Project,
		"domain": q.Domain, "name": q.Plan, "version": q.Version})
	if plan == nil {
		return nil, fmt.Errorf("no launch plan '%s' of version '%s'",
			q.Plan, q.Version)
	}
	every, err := time.ParseDuration(q.Every)
	if err != nil {
		return nil, err
	}
	lasted, err := time.ParseDuration(q.Duration)
	if err != nil {
		return nil, err
	}
	for i := range q.Count {
		sl := slot{plan, q.From.Add(time.Duration(i) * every)}
		request := sl.execution()
		if q.Manual {
			sub(request, "spec")["metadata"] = obj{"mode": "MANUAL"}
		}
		c.addPast(sl, request, lasted, q.Phase)
	}
	return obj{"executions": len(c.runList)}, nil
}

// addPast adds a run of a slot that began at once and is over.
func (c *cluster) addPast(sl slot, request obj, lasted time.Duration,
	phase string) {
	e := &execution{project: sl.plan.project, domain: sl.plan.domain,
		name: str(request, "name"), plan: sl.plan,
		workflow: sl.plan.workflow, inputs: sub(request, "inputs",
			"literals"), phase: phase, created: sl.at, started: sl.at,
		stateChanged: sl.at, stop: make(chan struct{})}
	if c.runs[e.key()] != nil {
		return
	}
	e.spec = shownSpec(sub(request, "spec"), e)
	e.ended = sl.at.Add(lasted)
	e.updated = e.ended
	e.settle(phase)
	c.runs[e.key()] = e
	c.runList = append(c.runList, e)
	changes++
}
