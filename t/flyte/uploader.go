// What flyte-copilot makes of the files that a container left: literals of
// the declared outputs.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The most that a simple output may hold, in bytes.
const simpleLimit = 1024

type uploader struct {
	store *objectStore
	// Where blobs go, without the scheme.
	prefix string
}

// readable finds the file of a variable, or one with any extension.
func readable(path string) (string, os.FileInfo, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		found, _ := filepath.Glob(path + ".*")
		if len(found) == 1 {
			path = found[0]
			info, err = os.Stat(path)
		} else {
			err = fmt.Errorf("file not found at path [%s]", path)
		}
	}
	return path, info, err
}

func primitiveOf(name string, v any) obj {
	return obj{"scalar": obj{"primitive": obj{name: v}}}
}

// parse reads the text of a simple output.
func parse(kind, text string) (obj, error) {
	text = strings.Trim(text, " \n\t")
	switch kind {
	case "INTEGER":
		n, err := strconv.ParseInt(text, 10, 64)
		return primitiveOf("integer", strconv.FormatInt(n, 10)), err
	case "FLOAT":
		f, err := strconv.ParseFloat(text, 64)
		if f-f != 0 {
			return primitiveOf("float_value", infinite(f)), err
		}
		return primitiveOf("float_value", f), err
	case "STRING":
		return primitiveOf("string_value", text), nil
	case "BOOLEAN":
		b, err := strconv.ParseBool(text)
		return primitiveOf("boolean", b), err
	case "DATETIME":
		t, err := time.Parse(time.RFC3339, text)
		return primitiveOf("datetime", stamp(t)), err
	case "DURATION":
		d, err := time.ParseDuration(text)
		return primitiveOf("duration", formatSeconds(d)), err
	case "STRUCT":
		var o obj
		err := json.Unmarshal([]byte(text), &o)
		if err == nil && o == nil {
			err = errors.New("not an object")
		}
		return obj{"scalar": obj{"generic": o}}, err
	case "NONE":
		return obj{"scalar": obj{"none_type": obj{}}}, nil
	case "ERROR":
		return obj{"scalar": obj{"error": obj{"message": text}}}, nil
	}
	return nil, fmt.Errorf("unsupported type %s", kind)
}

// infinite is protojson's word for what JSON has no number for.
func infinite(f float64) string {
	switch {
	case f > 0:
		return "Infinity"
	case f < 0:
		return "-Infinity"
	}
	return "NaN"
}

func (u uploader) simple(kind, path string) (obj, error) {
	path, info, err := readable(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("expected file for type [%s], found dir at "+
			"path [%s]", kind, path)
	}
	if info.Size() > simpleLimit {
		return nil, fmt.Errorf("maximum allowed filesize is [%d], but found "+
			"[%d]", simpleLimit, info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(kind, string(data))
}

func (u uploader) send(path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = u.store.put(name, f, nil)
	return err
}

// blob loses the declared format, and of a directory the directories in it.
func (u uploader) blob(path, name string) (obj, error) {
	path, info, err := readable(path)
	if err != nil {
		return nil, err
	}
	dimensionality := "SINGLE"
	if !info.IsDir() {
		err = u.send(path, name)
	} else {
		dimensionality = "MULTIPART"
		err = filepath.WalkDir(path, func(p string, e fs.DirEntry,
			err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			return u.send(p, name+"/"+e.Name())
		})
	}
	return obj{"scalar": obj{"blob": obj{"uri": "s3://" + name,
		"metadata": obj{"type": obj{
			"dimensionality": dimensionality}}}}}, err
}

// outputs reads every declared variable.
func (u uploader) outputs(variables obj, dir string) (obj, error) {
	text, err := os.ReadFile(filepath.Join(dir, "_ERROR"))
	if err == nil {
		return nil, fmt.Errorf("User Error: %s", text)
	}
	literals := obj{}
	for _, name := range sorted(variables) {
		t := sub(variables, name, "type")
		path := filepath.Join(dir, name)
		switch {
		case t["blob"] != nil:
			literals[name], err = u.blob(path, u.prefix+"/"+name)
		case t["simple"] != nil:
			literals[name], err = u.simple(str(t, "simple"), path)
		default:
			err = fmt.Errorf("currently CoPilot uploader does not support "+
				"[%s], system error", showType(t))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return literals, nil
}
