package main

import (
	"testing"
	"time"
)

func TestSlotName(t *testing.T) {
	for _, c := range []struct {
		project, name, version string
		at                     int64
		want                   string
	}{
		{"demo", "everymin", "v1", 1795218240, "f14d3b3bfe83979ad000"},
		{"flytesnacks", "my_cron_scheduled_lp", "v0.3.257", 1707360120,
			"f7f2026572f57fb57000"},
	} {
		e := &entity{project: c.project, domain: "development",
			name: c.name, version: c.version}
		if got := slotName(e, time.Unix(c.at, 0)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTypes(t *testing.T) {
	integer, text := simple("INTEGER"), simple("STRING")
	none := simple("NONE")
	either := obj{"union_type": obj{"variants": []any{integer, none}}}
	listOf := func(o obj) obj { return obj{"collection_type": o} }
	blob := func(f string) obj { return obj{"blob": obj{"format": f}} }
	enum := obj{"enum_type": obj{"values": []any{"red"}}}
	for _, c := range []struct {
		up, down obj
		want     bool
	}{
		{integer, integer, true},
		{integer, simple("FLOAT"), false},
		{integer, either, true},
		{text, either, false},
		{none, either, true},
		{either, either, true},
		{text, enum, true},
		{enum, text, true},
		{blob("csv"), blob("csv"), true},
		{blob("csv"), blob("pq"), false},
		{blob(""), blob("pq"), true},
		{obj{"blob": obj{"dimensionality": "MULTIPART"}}, blob("x"), true},
		{listOf(integer), listOf(integer), true},
		{listOf(none), listOf(integer), true},
		{listOf(text), listOf(integer), false},
		{integer, listOf(integer), false},
		{simple("BINARY"), simple("STRUCT"), false},
		{obj{"structured_dataset_type": obj{"format": "csv"}},
			obj{"structured_dataset_type": obj{"format": "parquet"}}, false},
		{obj{"structured_dataset_type": obj{}},
			obj{"structured_dataset_type": obj{"format": "parquet"}}, true},
		{nil, integer, false},
	} {
		if got := castable(c.up, c.down); got != c.want {
			t.Errorf("%v for %v: %v", c.up, c.down, got)
		}
	}
}

func TestFollow(t *testing.T) {
	l := scalarOf("generic", obj{"C": 0.5, "t": "x", "on": true,
		"deep": obj{"n": []any{1.0, 2.0}}, "nil": nil})
	key := func(s string) obj { return obj{"string_value": s} }
	index := func(n int) obj { return obj{"int_value": float64(n)} }
	for _, c := range []struct {
		path []any
		want any
		ok   bool
	}{
		{[]any{key("C")}, 0.5, true},
		{[]any{key("t")}, "x", true},
		{[]any{key("on")}, true, true},
		{[]any{key("deep"), key("n"), index(1)}, 2.0, true},
		{[]any{key("deep"), key("n"), index(2)}, nil, false},
		{[]any{key("nothing")}, nil, false},
		{[]any{key("nil")}, nil, false},
		{[]any{key("C"), key("D")}, nil, false},
	} {
		got, err := follow(l, c.path)
		if (err == nil) != c.ok {
			t.Errorf("%v: %v, %v", c.path, got, err)
			continue
		}
		for _, v := range sub(got, "scalar", "primitive") {
			if v != c.want {
				t.Errorf("%v: got %v", c.path, v)
			}
		}
	}
}

func TestQuantity(t *testing.T) {
	for text, want := range map[string]float64{"1": 1, "100m": 0.1,
		"4Gi": 1 << 32, "1.5k": 1500, "1e3": 1000, "2E": 2e18} {
		if got, ok := quantity(text); !ok || got != want {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "lots", "1 Gi", "1.2.3", "Gi"} {
		if _, ok := quantity(text); ok {
			t.Errorf("%q is taken", text)
		}
	}
}
