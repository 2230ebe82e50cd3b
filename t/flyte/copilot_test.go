package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func testStore(t *testing.T) *objectStore {
	t.Helper()
	s := newObjectStore(t.TempDir(), newClock())
	for name, text := range map[string]string{
		"b/file": "one", "b/dir/x": "1", "b/dir/sub/y": "2"} {
		if _, err := s.put(name, strings.NewReader(text), nil); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func scalarOf(key string, v any) obj { return obj{"scalar": obj{key: v}} }

func blobOf(uri, dimensionality string) obj {
	return scalarOf("blob", obj{"uri": uri, "metadata": obj{
		"type": obj{"dimensionality": dimensionality}}})
}

// The table of section 13 of what was seen: the file, and in inputs.json.
func TestInputForms(t *testing.T) {
	for _, c := range []struct {
		name       string
		literal    obj
		file, json string
	}{
		{"integer", primitiveOf("integer", "9007199254740993"),
			"9007199254740993", "9007199254740993"},
		{"float", primitiveOf("float_value", 1e21),
			"1000000000000000000000", "1e+21"},
		{"small", primitiveOf("float_value", 1e-7), "0.0000001", "1e-7"},
		{"whole", primitiveOf("float_value", 1.0), "1", "1"},
		{"string", primitiveOf("string_value", "two\nlines é"),
			"two\nlines é", `"two\nlines é"`},
		{"false", primitiveOf("boolean", false), "false", "false"},
		{"datetime", primitiveOf("datetime", "2026-01-02T03:04:05.123456Z"),
			"2026-01-02T03:04:05.123456Z", `"2026-01-02T03:04:05.123456Z"`},
		{"half", primitiveOf("datetime", "2026-01-02T03:04:05.500Z"),
			"2026-01-02T03:04:05.5Z", `"2026-01-02T03:04:05.5Z"`},
		{"duration", primitiveOf("duration", "5400.500s"), "1h30m0.5s",
			"null"},
		{"millis", primitiveOf("duration", "0.500s"), "500ms", "null"},
		{"minus", primitiveOf("duration", "-1s"), "-1s", "null"},
		{"hour", primitiveOf("duration", "3600s"), "1h0m0s", "null"},
		{"struct", scalarOf("generic", obj{"a": 1.0,
			"b": []any{1.0, "x"}, "c": obj{"d": nil}}),
			`{"a":1,"b":[1,"x"],"c":{"d":null}}`,
			`{"a":1,"b":[1,"x"],"c":{"d":null}}`},
		{"none", scalarOf("none_type", obj{}), "null", "null"},
		{"union", scalarOf("union", obj{"value": primitiveOf("integer",
			"5")}), "5", "5"},
	} {
		dir := t.TempDir()
		err := downloader{testStore(t)}.inputs(obj{"x": c.literal}, dir,
			"JSON")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := read(t, dir, "x"); got != c.file {
			t.Errorf("%s: file %q, want %q", c.name, got, c.file)
		}
		want := `{"x":` + c.json + `}`
		if got := read(t, dir, "inputs.json"); got != want {
			t.Errorf("%s: inputs.json %s, want %s", c.name, got, want)
		}
	}
}

func TestInputTrees(t *testing.T) {
	dir := t.TempDir()
	one := primitiveOf("integer", "1")
	err := downloader{testStore(t)}.inputs(obj{
		"file": blobOf("s3://b/file", "SINGLE"),
		"mb":   blobOf("s3://b/dir", "MULTIPART"),
		"li": obj{"collection": obj{"literals": []any{one,
			primitiveOf("integer", "2")}}},
		"empty": obj{"collection": obj{}},
		"ma": obj{"map": obj{"literals": obj{
			"k1": primitiveOf("string_value", "v1")}}},
	}, dir, "JSON")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"file": "one", "mb/x": "1",
		"mb/sub/y": "2", "li/0": "1", "li/1": "2", "ma/k1": "v1"} {
		if got := read(t, dir, path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	var got obj
	if err := json.Unmarshal([]byte(read(t, dir, "inputs.json")),
		&got); err != nil {
		t.Fatal(err)
	}
	want := obj{"file": dir + "/file", "mb": dir + "/mb",
		"li": []any{1.0, 2.0}, "empty": []any{}, "ma": obj{"k1": "v1"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("inputs.json: %v", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "empty")); err != nil ||
		!info.IsDir() {
		t.Error("no directory of an empty list")
	}
	if info, _ := os.Stat(filepath.Join(dir, "file")); info.Mode() != 0o644 {
		t.Errorf("a blob's mode: %v", info.Mode())
	}
}

// A download that fails leaves no inputs.json.
func TestInputFailures(t *testing.T) {
	for name, l := range map[string]obj{
		"nan":      primitiveOf("float_value", "NaN"),
		"infinite": primitiveOf("float_value", "Infinity"),
		"missing":  blobOf("s3://b/nothing", "SINGLE"),
		"dataset": scalarOf("structured_dataset",
			obj{"uri": "s3://b/dir"}),
		"../out": primitiveOf("integer", "1"),
	} {
		dir := t.TempDir()
		err := downloader{testStore(t)}.inputs(obj{name: l}, dir, "JSON")
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Stat(filepath.Join(dir, "inputs.json")); err == nil {
			t.Errorf("%s: there is an inputs.json", name)
		}
	}
}

func simpleOutput(t *testing.T, kind, text string) (obj, error) {
	t.Helper()
	dir := t.TempDir()
	err := os.WriteFile(filepath.Join(dir, "x"), []byte(text), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	l, err := uploader{testStore(t), "b/out"}.outputs(
		obj{"x": obj{"type": simple(kind)}}, dir)
	return sub(l, "x"), err
}

func TestOutputForms(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       obj
	}{
		{"INTEGER", " 12 \n", primitiveOf("integer", "12")},
		{"FLOAT", "1e3", primitiveOf("float_value", 1000.0)},
		{"FLOAT", "nan", primitiveOf("float_value", "NaN")},
		{"STRING", "  hi there \n", primitiveOf("string_value", "hi there")},
		{"BOOLEAN", "true", primitiveOf("boolean", true)},
		{"DATETIME", "2026-01-02T03:04:05.5Z",
			primitiveOf("datetime", "2026-01-02T03:04:05.5Z")},
		{"DURATION", "90m", primitiveOf("duration", "5400s")},
		{"STRUCT", `{"a":1}`, scalarOf("generic", obj{"a": 1.0})},
		{"STRING", strings.Repeat("x", simpleLimit),
			primitiveOf("string_value", strings.Repeat("x", simpleLimit))},
	} {
		got, err := simpleOutput(t, c.kind, c.text)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s %q: %v, %v", c.kind, c.text, got, err)
		}
	}
	for _, c := range [][2]string{{"INTEGER", "1.5"}, {"INTEGER", ""},
		{"BOOLEAN", "yes"}, {"DATETIME", "2026-01-02"}, {"DURATION", "90"},
		{"STRUCT", "[1]"}, {"STRUCT", "null"},
		{"STRING", strings.Repeat("x", simpleLimit+1)}} {
		if got, err := simpleOutput(t, c[0], c[1]); err == nil {
			t.Errorf("%s %q: %v", c[0], c[1], got)
		}
	}
}

func TestOutputBlobs(t *testing.T) {
	s, dir := testStore(t), t.TempDir()
	for name, text := range map[string]string{"data.csv": "a",
		"tree/one": "1", "tree/sub/two": "2"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	blob := obj{"type": obj{"blob": obj{"format": "csv"}}}
	got, err := uploader{s, "b/out"}.outputs(obj{"data": blob,
		"tree": blob}, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := obj{"data": blobOf("s3://b/out/data", "SINGLE"),
		"tree": blobOf("s3://b/out/tree", "MULTIPART")}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	// Directories in the directory are gone.
	names := s.below("b/out/")
	if !reflect.DeepEqual(names, []string{"b/out/data", "b/out/tree/one",
		"b/out/tree/two"}) {
		t.Errorf("stored: %v", names)
	}
}

func TestOutputFailures(t *testing.T) {
	integer := obj{"type": simple("INTEGER")}
	many := obj{"type": obj{"collection_type": simple("INTEGER")}}
	for name, c := range map[string]struct {
		files []string
		want  obj
	}{
		"missing":   {nil, obj{"x": integer}},
		"ambiguous": {[]string{"x.a", "x.b"}, obj{"x": integer}},
		"list":      {[]string{"x"}, obj{"x": many}},
		"_ERROR":    {[]string{"x", "_ERROR"}, obj{"x": integer}},
	} {
		dir := t.TempDir()
		for _, f := range c.files {
			os.WriteFile(filepath.Join(dir, f), []byte("1"), 0o644)
		}
		if _, err := (uploader{testStore(t), "b"}).outputs(c.want,
			dir); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
