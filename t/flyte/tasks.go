// Registering a task: what must be in its template, and its resources.
package main

import (
	"regexp"
	"strconv"
)

var quantityForm = regexp.MustCompile(
	`^([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$`)

var suffixes = map[string]float64{
	"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9,
	"T": 1e12, "P": 1e15, "E": 1e18, "Ki": 1 << 10, "Mi": 1 << 20,
	"Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60,
}

// quantity reads a Kubernetes quantity.
func quantity(s string) (float64, bool) {
	m := quantityForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	factor, known := suffixes[m[2]]
	if !known {
		m[1], factor = m[1]+m[2], 1
	}
	n, err := strconv.ParseFloat(m[1], 64)
	return n * factor, err == nil
}

type amount struct {
	text  string
	value float64
}

func amounts(id obj, entries []any) (map[string]amount, error) {
	all := map[string]amount{}
	for _, e := range entries {
		name, value := str(e.(obj), "name"), str(e.(obj), "value")
		n, ok := quantity(value)
		if !ok {
			return nil, invalid("Parsing of %s request failed for value "+
				"%s - reason  %s. Please follow K8s conventions for "+
				"resources https://kubernetes.io/docs/concepts/"+
				"configuration/manage-resources-containers/", name, value,
				"quantities must match the regular expression "+
					"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
		}
		if name == "GPU" && n != float64(int64(n)) {
			return nil, invalid("Invalid GPU value [%s], must be a whole "+
				"number for task [%s]", value, show("Identifier", id))
		}
		all[name] = amount{value, n}
	}
	return all, nil
}

func (c *cluster) checkResources(id, resources obj) error {
	requests, err := amounts(id, list(resources, "requests"))
	if err != nil {
		return err
	}
	limits, err := amounts(id, list(resources, "limits"))
	if err != nil {
		return err
	}
	for _, name := range []string{"CPU", "MEMORY", "EPHEMERAL_STORAGE", "GPU"} {
		request, asked := requests[name]
		limit, limited := limits[name]
		if asked && limited && limit.value < request.value {
			return invalid("Requested %s default [%s] is greater than the "+
				"limit [%s]. Please fix your configuration", name,
				request.text, limit.text)
		}
		most, bounded := c.settings.limits[name]
		if asked && bounded && request.value > most.value {
			return invalid("Requested %s default [%s] is greater than "+
				"current limit set in the platform configuration [%s]. "+
				"Please contact Flyte Admins to change these limits or "+
				"consult the configuration", name, request.text, most.text)
		}
	}
	return nil
}

func (c *cluster) checkTask(id, template obj) error {
	if str(template, "type") == "" {
		return invalid("missing type")
	}
	metadata := sub(template, "metadata")
	if metadata == nil {
		return invalid("missing metadata")
	}
	if r := sub(metadata, "runtime"); r != nil && str(r, "version") == "" {
		return invalid("missing runtime version")
	}
	if sub(template, "interface") == nil {
		return invalid("missing typed interface")
	}
	container := sub(template, "container")
	if container == nil {
		return nil
	}
	if str(container, "image") == "" {
		return invalid("missing image")
	}
	err := c.checkResources(id, sub(container, "resources"))
	if err == nil && container["command"] == nil &&
		container["args"] == nil && hasVariables(template) {
		err = invalid("task failed compilation with Collected Errors: 1\n" +
			"\tError 0: Code: ValueRequired, Node Id: container, " +
			"Description: Value required [command].\n")
	}
	return err
}

func hasVariables(template obj) bool {
	return len(sub(template, "interface", "inputs", "variables")) > 0 ||
		len(sub(template, "interface", "outputs", "variables")) > 0
}

func createTask(c *cluster, q obj) (any, error) {
	id := sub(q, "id")
	if err := checkID(id, tasks); err != nil {
		return nil, err
	}
	err := c.known(str(id, "project"), str(id, "domain"))
	if err != nil {
		return nil, err
	}
	template := sub(q, "spec", "template")
	if template == nil {
		return nil, invalid("missing spec")
	}
	if err := c.checkTask(id, template); err != nil {
		return nil, err
	}
	template["id"] = id
	spec := obj{"template": template}
	return obj{}, c.register(newEntity(tasks, id, spec,
		obj{"compiled_task": spec}))
}
