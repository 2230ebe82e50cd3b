// Lists as FlyteAdmin gives them: filters by the columns of its tables, sorting
// by one of them, and pages whose token is an offset.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// What a column holds decides which values a filter takes.
type columnKind int

const (
	text columnKind = iota + 1
	number
	instant
	length
)

// table is what can be listed: the letters that stand for it in messages, its
// own columns, and those of other tables by their prefix.
type table struct {
	letter  string
	columns map[string]columnKind
	joined  map[string]*table
	call    string
}

var baseColumns = map[string]columnKind{
	"id": number, "created_at": instant, "updated_at": instant,
}

func columns(more map[string]columnKind) map[string]columnKind {
	all := map[string]columnKind{}
	for name, kind := range baseColumns {
		all[name] = kind
	}
	for name, kind := range more {
		all[name] = kind
	}
	return all
}

var entityColumns = map[string]columnKind{
	"project": text, "domain": text, "name": text, "version": text,
}

var (
	taskTable = &table{letter: "t", call: "ListTasks",
		columns: columns(entityColumns)}
	workflowTable = &table{letter: "w", call: "ListWorkflows",
		columns: columns(entityColumns)}
	planTable = &table{letter: "l", call: "ListLaunchPlans",
		columns: columns(map[string]columnKind{
			"project": text, "domain": text, "name": text,
			"version": text, "state": number, "schedule_type": text,
		})}
	tagTable = &table{letter: "at",
		columns: map[string]columnKind{"name": text}}
	runTable = &table{letter: "e", call: "ListExecutions",
		columns: columns(map[string]columnKind{
			"execution_project": text, "execution_domain": text,
			"execution_name": text, "phase": text,
			"started_at": instant, "execution_created_at": instant,
			"execution_updated_at": instant, "duration": length,
			"abort_cause": text, "mode": number, "error_kind": text,
			"error_code": text, "user": text, "state": number,
			"launch_entity": text, "cluster": text,
		})}
	nodeTable = &table{letter: "ne", call: "ListNodeExecutions",
		columns: columns(map[string]columnKind{
			"node_id": text, "phase": text, "started_at": instant,
			"node_execution_created_at": instant,
			"node_execution_updated_at": instant, "duration": length,
			"error_kind": text, "error_code": text,
		})}
	taskRunTable = &table{letter: "te", call: "ListTaskExecutions",
		columns: columns(map[string]columnKind{
			"phase": text, "retry_attempt": number,
			"started_at": instant, "duration": length,
			"task_execution_created_at": instant,
			"task_execution_updated_at": instant,
		})}
	nameTable = &table{letter: "nen", call: "ListNamedEntities",
		columns: map[string]columnKind{
			"project": text, "domain": text, "name": text,
			"state": number, "description": text,
		}}
	projectTable = &table{letter: "p", call: "ListProjects",
		columns: columns(map[string]columnKind{
			"identifier": text, "name": text, "description": text,
			"state": number,
		})}
)

func init() {
	planTable.joined = map[string]*table{
		"launch_plan": planTable, "workflow": workflowTable,
	}
	runTable.joined = map[string]*table{
		"execution": runTable, "launch_plan": planTable,
		"workflow": workflowTable, "task": taskTable,
		"admin_tag": tagTable,
	}
	taskTable.joined = map[string]*table{"task": taskTable}
	workflowTable.joined = map[string]*table{"workflow": workflowTable}
	nodeTable.joined = map[string]*table{"node_execution": nodeTable}
	taskRunTable.joined = map[string]*table{"task_execution": taskRunTable}
	projectTable.joined = map[string]*table{"project": projectTable}
	nameTable.joined = map[string]*table{"entities": nameTable}
}

type filter struct {
	function string
	column   string
	values   []any
}

// parts of function(field,value). The function is all before the last bracket
// that a comma follows, and the last comma parts field and value.
func parts(e string) (function, field, value string, ok bool) {
	end := strings.LastIndexByte(e, ')')
	for open := end; open > 0; {
		open = strings.LastIndexByte(e[:open], '(')
		if open <= 0 {
			break
		}
		inner := e[open+1 : end]
		comma := strings.LastIndexByte(inner, ',')
		if comma > 0 {
			value = strings.TrimPrefix(inner[comma+1:], " ")
			return e[:open], inner[:comma], value, value != ""
		}
	}
	return "", "", "", false
}

var filterFunctions = map[string]bool{
	"eq": true, "ne": true, "gt": true, "gte": true, "lt": true,
	"lte": true, "contains": true, "value_in": true,
}

// parseValue does what the database does with a value of another kind.
func parseValue(kind columnKind, value string) (any, error) {
	switch kind {
	case number:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, fail(codes.Unknown, "failed database operation "+
				"with invalid input syntax for type integer: %q", value)
		}
		return n, nil
	case instant:
		t, err := time.Parse(time.RFC3339Nano, value)
		if err != nil {
			return nil, fail(codes.Unknown, "failed database operation "+
				"with invalid input syntax for type timestamp with time "+
				"zone: %q", value)
		}
		return t, nil
	case length:
		if _, err := strconv.ParseFloat(value, 64); err == nil {
			value += "s"
		}
		d, err := time.ParseDuration(value)
		if err != nil {
			return nil, invalid("Failed to parse duration [%s]", value)
		}
		return d, nil
	}
	return value, nil
}

func (t *table) parseFilter(expression string) (filter, error) {
	function, field, value, ok := parts(expression)
	if !ok {
		return filter{}, invalid("invalid value for filters")
	}
	owner, column, path := t, field, field
	if prefix, rest, found := strings.Cut(field, "."); found {
		other := t.joined[prefix]
		if other == nil {
			return filter{}, invalid("'%s' entity is not allowed in filters",
				prefix)
		}
		owner, column = other, rest
		if owner == t {
			path = rest
		}
	}
	kind := owner.columns[column]
	if kind == 0 {
		return filter{}, invalid("'%s.%s' is invalid filter", owner.letter,
			column)
	}
	if !filterFunctions[function] {
		return filter{}, invalid("unrecognized filter function: %s",
			function)
	}
	f := filter{function: function, column: path}
	values := []string{value}
	if function == "value_in" {
		values = strings.Split(value, ";")
	}
	for _, value := range values {
		v, err := parseValue(kind, value)
		if err != nil {
			return filter{}, err
		}
		f.values = append(f.values, v)
	}
	return f, nil
}

// parseFilters takes expressions joined by a plus sign.
func (t *table) parseFilters(expressions string) ([]filter, error) {
	var filters []filter
	if expressions == "" {
		return nil, nil
	}
	for _, e := range strings.Split(expressions, "+") {
		f, err := t.parseFilter(e)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// compare puts what is not there (NULL) last.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
		return -1
	case time.Duration:
		return cmp.Compare(a, b.(time.Duration))
	case nil:
		if b != nil {
			return 1
		}
	}
	return 0
}

func (f filter) one(value any) bool {
	if value == nil {
		return false
	}
	if f.function == "contains" {
		s, _ := value.(string)
		return strings.Contains(s, f.values[0].(string))
	}
	for _, v := range f.values {
		c := compare(value, v)
		switch f.function {
		case "eq", "value_in":
			if c == 0 {
				return true
			}
		case "ne":
			return c != 0
		case "gt":
			return c > 0
		case "gte":
			return c >= 0
		case "lt":
			return c < 0
		case "lte":
			return c <= 0
		}
	}
	return false
}

func (f filter) matches(r record) bool {
	value := r.column(f.column)
	if many, ok := value.([]string); ok {
		return slices.ContainsFunc(many, func(s string) bool {
			return f.one(s)
		})
	}
	return f.one(value)
}

func match(items []record, filters []filter) []record {
	if len(filters) == 0 {
		return items
	}
	var kept []record
	for _, r := range items {
		if !slices.ContainsFunc(filters, func(f filter) bool {
			return !f.matches(r)
		}) {
			kept = append(kept, r)
		}
	}
	return kept
}

// sortBy leaves the order as it is without a key.
func (t *table) sortBy(items []record, by obj) ([]record, error) {
	if by == nil {
		return items, nil
	}
	key := str(by, "key")
	if t.columns[key] == 0 {
		return nil, invalid("invalid sort key '%s'", key)
	}
	sign := -1
	if str(by, "direction") == "ASCENDING" {
		sign = 1
	}
	type keyed struct {
		key  any
		item record
	}
	rows := make([]keyed, len(items))
	for i, r := range items {
		rows[i] = keyed{r.column(key), r}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int {
		return sign * compare(a.key, b.key)
	})
	sorted := make([]record, len(rows))
	for i, r := range rows {
		sorted[i] = r.item
	}
	return sorted, nil
}

// offset reads a token.
func (t *table) offset(token string) (int, error) {
	if token == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(token)
	if err != nil || n < 0 {
		return 0, invalid("invalid pagination token %s for %s", token, t.call)
	}
	return n, nil
}

// arrange keeps the items that pass the request's filters, in its order.
func (t *table) arrange(items []record, q obj) ([]record, error) {
	filters, err := t.parseFilters(str(q, "filters"))
	if err != nil {
		return nil, err
	}
	return t.sortBy(match(items, filters), sub(q, "sort_by"))
}

// cut makes a page. A full one has a token even if nothing follows.
func (t *table) cut(items []record, q obj) (any, error) {
	from, err := t.offset(str(q, "token"))
	if err != nil {
		return nil, err
	}
	limit := num(q, "limit")
	items = items[min(from, len(items)):]
	p := page{items: items}
	if limit > 0 && len(items) >= limit {
		p.items = items[:limit]
		p.token = strconv.Itoa(from + limit)
	}
	return p, nil
}

// list makes a page of the items that pass the request's filters and those
// given.
func (t *table) list(items []record, q obj, needsLimit bool) (any, error) {
	if needsLimit && num(q, "limit") == 0 {
		return nil, invalid("invalid value for limit")
	}
	items, err := t.arrange(items, q)
	if err != nil {
		return nil, err
	}
	return t.cut(items, q)
}

// arrangement is kept, so that the pages of one list are not each filtered and
// sorted out of all that there is.
type arrangement struct {
	items   []record
	changes int
}

// listKept is list of what `all` gives, for long lists of one domain.
func (c *cluster) listKept(t *table, q obj, all func() []record) (any,
	error) {
	if num(q, "limit") == 0 {
		return nil, invalid("invalid value for limit")
	}
	key := fmt.Sprintf("%s %q %q %v", t.call, q["id"], q["filters"],
		q["sort_by"])
	kept, ok := c.arranged[key]
	if !ok || kept.changes != changes {
		items, err := t.arrange(all(), q)
		if err != nil {
			return nil, err
		}
		if !ok {
			clear(c.arranged)
		}
		kept = arrangement{items, changes}
		c.arranged[key] = kept
	}
	return t.cut(kept.items, q)
}
