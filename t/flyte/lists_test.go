package main

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
)

// row is a record of columns alone.
type row map[string]any

func (r row) column(name string) any { return r[name] }
func (r row) message() proto.Message { return nil }

func TestParseFilters(t *testing.T) {
	for _, c := range []struct {
		table *table
		text  string
		want  string // of the error; empty: none
	}{
		{runTable, "", ""},
		{runTable, "eq(phase,SUCCEEDED)", ""},
		{runTable, "eq(phase, SUCCEEDED)", ""},
		{runTable, "eq(phase,a(b))", ""},
		{runTable, ")eq(phase,a", "invalid value for filters"},
		{runTable, "eq(,a)", "invalid value for filters"},
		{runTable, "eq(mode,1)+eq(state,0)", ""},
		{runTable, "eq(execution.phase,FAILED)", ""},
		{runTable, "eq(launch_plan.version,v1)", ""},
		{runTable, "value_in(phase,A;B;C)", ""},
		{runTable, "gt(duration,1.5)", ""},
		{runTable, "gt(duration,2h)", ""},
		{runTable, "gte(created_at,2026-01-01T00:00:00.5Z)", ""},
		{runTable, "eq(name,x)", "'e.name' is invalid filter"},
		{runTable, "eq(task.nothing,x)", "'t.nothing' is invalid filter"},
		{runTable, "eq(project.id,x)",
			"'project' entity is not allowed in filters"},
		{runTable, "eq(mode,)", "invalid value for filters"},
		{runTable, "eq(mode)", "invalid value for filters"},
		{runTable, "(mode,1)", "invalid value for filters"},
		{runTable, "eq(mode,1)+", "invalid value for filters"},
		{runTable, "like(phase,x)",
			"unrecognized filter function: like"},
		{runTable, "eq(phase,A) eq(mode,1)",
			"unrecognized filter function: eq(phase,A) eq"},
		{runTable, "eq(mode,SCHEDULED)", "failed database operation with " +
			"invalid input syntax for type integer: \"SCHEDULED\""},
		{runTable, "gt(created_at,yesterday)", "failed database operation " +
			"with invalid input syntax for type timestamp with time zone: " +
			"\"yesterday\""},
		{runTable, "gt(duration,long)", "Failed to parse duration [long]"},
		{planTable, "eq(nofield,x)", "'l.nofield' is invalid filter"},
		{planTable, "eq(launch_plan.name,x)", ""},
		{projectTable, "eq(identifier,demo)", ""},
	} {
		_, err := c.table.parseFilters(c.text)
		got := ""
		if err != nil {
			got = message(err)
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFilters(t *testing.T) {
	r := row{
		"phase": "SUCCEEDED", "mode": int64(1), "started_at": nil,
		"created_at": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"duration":   90 * time.Second, "launch_plan.name": "nightly",
		"admin_tag.name": []string{"blue", "green"},
	}
	for _, c := range []struct {
		text string
		want bool
	}{
		{"eq(phase,SUCCEEDED)", true},
		{"eq(phase,succeeded)", false},
		{"ne(phase,FAILED)", true},
		{"value_in(phase,FAILED;SUCCEEDED)", true},
		{"value_in(phase,FAILED)", false},
		{"contains(phase,CCE)", true},
		{"eq(mode,1)", true},
		{"gt(mode,1)", false},
		{"gte(mode,1)", true},
		{"lt(mode,2)+lte(mode,1)", true},
		{"eq(mode,1)+eq(phase,FAILED)", false},
		{"gt(created_at,2026-01-02T03:04:04Z)", true},
		{"lt(created_at,2026-01-02T03:04:05Z)", false},
		{"gt(duration,89.5)", true},
		{"eq(duration,1m30s)", true},
		{"eq(execution.mode,1)", true},
		{"eq(launch_plan.name,nightly)", true},
		{"eq(admin_tag.name,green)", true},
		{"eq(admin_tag.name,red)", false},
		{"gt(started_at,2020-01-01T00:00:00Z)", false},
		{"lt(started_at,2020-01-01T00:00:00Z)", false},
	} {
		filters, err := runTable.parseFilters(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := len(match([]record{r}, filters)) == 1; got != c.want {
			t.Errorf("%q: got %v", c.text, got)
		}
	}
}

func TestPages(t *testing.T) {
	items := []record{row{"name": "b"}, row{"name": "a"}, row{"name": "c"}}
	for _, c := range []struct {
		limit       int
		token, want string
		next, fault string
	}{
		{0, "", "", "", "invalid value for limit"},
		{1, "", "a", "1", ""},
		{2, "1", "bc", "3", ""},
		{3, "", "abc", "3", ""},
		{3, "3", "", "", ""},
		{4, "", "abc", "", ""},
		{4, "99", "", "", ""},
		{4, "-1", "", "",
			"invalid pagination token -1 for ListNamedEntities"},
		{4, "x", "", "", "invalid pagination token x for ListNamedEntities"},
	} {
		v, err := nameTable.list(items, obj{"limit": float64(c.limit),
			"token": c.token, "sort_by": obj{"key": "name",
				"direction": "ASCENDING"}}, true)
		if err != nil {
			if message(err) != c.fault {
				t.Errorf("%+v: %v", c, err)
			}
			continue
		}
		p, got := v.(page), ""
		for _, r := range p.items {
			got += r.column("name").(string)
		}
		if got != c.want || p.token != c.next || c.fault != "" {
			t.Errorf("%+v: got %q, token %q", c, got, p.token)
		}
	}
}
