// The disk as flyte-copilot leaves it for a container: each input in a file or
// a directory of its name, inputs.json and inputs.pb.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
)

type downloader struct{ store *objectStore }

// floatOf reads a double of protojson, which has texts for what JSON has not.
func floatOf(v any) float64 {
	if f, ok := v.(float64); ok {
		return f
	}
	f, _ := strconv.ParseFloat(v.(string), 64)
	return f
}

// primitive gives the text on disk and the value in inputs.json. A duration
// has none there: a defect of copilot's.
func primitive(p obj) (string, any, error) {
	switch {
	case p["integer"] != nil:
		n, err := strconv.ParseInt(str(p, "integer"), 10, 64)
		return str(p, "integer"), n, err
	case p["float_value"] != nil:
		f := floatOf(p["float_value"])
		return strconv.FormatFloat(f, 'f', -1, 64), f, nil
	case p["string_value"] != nil:
		return str(p, "string_value"), str(p, "string_value"), nil
	case p["boolean"] != nil:
		return strconv.FormatBool(isTrue(p, "boolean")),
			isTrue(p, "boolean"), nil
	case p["datetime"] != nil:
		t, err := time.Parse(time.RFC3339Nano, str(p, "datetime"))
		return t.UTC().Format(time.RFC3339Nano), t.UTC(), err
	case p["duration"] != nil:
		d, err := time.ParseDuration(str(p, "duration"))
		return d.String(), nil, err
	}
	return "null", nil, nil
}

func (d downloader) copyObject(name, to string) error {
	o := d.store.find(name)
	if o == nil {
		return errors.New("incorrect blob reference, does not exist")
	}
	from, err := os.Open(o.file)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}

// blob brings one object, or all below a prefix.
func (d downloader) blob(uri string, multipart bool, to string) (any, error) {
	_, name, found := strings.Cut(uri, "://")
	if !found {
		return nil, fmt.Errorf("unsupported scheme of '%s'", uri)
	}
	if !multipart {
		return to, d.copyObject(name, to)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return nil, err
	}
	for _, part := range d.store.below(strings.TrimSuffix(name, "/") + "/") {
		rest := strings.TrimPrefix(part, strings.TrimSuffix(name, "/")+"/")
		if err := d.copyObject(part, filepath.Join(to, rest)); err != nil {
			return nil, err
		}
	}
	return to, nil
}

func write(to, text string, value any) (any, error) {
	return value, os.WriteFile(to, []byte(text), 0o755)
}

func (d downloader) scalar(s obj, to string) (any, error) {
	switch {
	case s["primitive"] != nil:
		text, v, err := primitive(sub(s, "primitive"))
		if err != nil {
			return nil, err
		}
		return write(to, text, v)
	case s["blob"] != nil:
		b := sub(s, "blob")
		multipart := str(b, "metadata", "type", "dimensionality") ==
			"MULTIPART"
		v, err := d.blob(str(b, "uri"), multipart, to)
		b["uri"] = to
		return v, err
	case s["schema"] != nil:
		v, err := d.blob(str(s, "schema", "uri"), true, to)
		sub(s, "schema")["uri"] = to
		return v, err
	case s["generic"] != nil:
		data, err := json.Marshal(s["generic"])
		if err != nil {
			return nil, err
		}
		return s["generic"], os.WriteFile(to, data, 0o644)
	case s["union"] != nil:
		return d.literal(sub(s, "union", "value"), to)
	case s["none_type"] != nil:
		return write(to, "null", nil)
	case s["binary"] != nil:
		data, err := base64.StdEncoding.DecodeString(
			str(s, "binary", "value"))
		if err != nil {
			return nil, err
		}
		return write(to, string(data), data)
	case s["error"] != nil:
		text := str(s, "error", "message")
		return write(to, text, text)
	case s["structured_dataset"] != nil:
		return nil, errors.New("unsupported scalar type " +
			"[*core.Scalar_StructuredDataset]")
	}
	return nil, errors.New("unsupported scalar type [<nil>]")
}

// literal writes one value, and leaves local places in the literal.
func (d downloader) literal(l obj, to string) (any, error) {
	switch {
	case l["scalar"] != nil:
		return d.scalar(sub(l, "scalar"), to)
	case l["collection"] != nil:
		if err := os.MkdirAll(to, 0o755); err != nil {
			return nil, err
		}
		values := []any{}
		for i, e := range list(l, "collection", "literals") {
			v, err := d.literal(e.(obj), filepath.Join(to, strconv.Itoa(i)))
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		return values, nil
	case l["map"] != nil:
		if err := os.MkdirAll(to, 0o755); err != nil {
			return nil, err
		}
		return d.all(sub(l, "map", "literals"), to)
	}
	return nil, errors.New("unsupported literal type [<nil>]")
}

// all writes each value to a file or directory of its name.
func (d downloader) all(literals obj, dir string) (obj, error) {
	values := obj{}
	for _, name := range sorted(literals) {
		// A container has its own disk to lose, this machine has not.
		if name == ".." || strings.Contains(name, "/") {
			return nil, fmt.Errorf("no file is called '%s'", name)
		}
		v, err := d.literal(sub(literals, name), filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("variable [%s] download/store failed: %w",
				name, err)
		}
		values[name] = v
	}
	return values, nil
}

// inputs fills the directory; what tells that it is complete comes last.
func (d downloader) inputs(literals obj, dir, format string) error {
	literals, _ = clone(literals).(obj)
	values, err := d.all(literals, dir)
	if err != nil {
		return err
	}
	data, err := proto.Marshal(toMessage("LiteralMap", literalMap(literals)))
	if err != nil {
		return err
	}
	err = os.WriteFile(filepath.Join(dir, "inputs.pb"), data, 0o755)
	if err != nil {
		return err
	}
	name := "inputs.json"
	switch format {
	case "PROTO":
		return nil
	case "YAML":
		// JSON is YAML.
		name = "inputs.yaml"
	}
	// Not a number, there is no inputs.json.
	text, err := json.Marshal(values)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), text, 0o755)
}
