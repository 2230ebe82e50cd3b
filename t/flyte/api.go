// The API's messages: api.txt read into protobuf descriptors, so that
// protojson itself decides what JSON is taken and how it is answered.
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	// The well-known types that api.txt names.
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

//go:embed api.txt
var apiText string

// The package decides the @type of an error's details.
const apiPackage = "flyteidl.admin"

var wellKnown = map[string]string{
	"Struct":    "google/protobuf/struct.proto",
	"Timestamp": "google/protobuf/timestamp.proto",
	"Duration":  "google/protobuf/duration.proto",
	"BoolValue": "google/protobuf/wrappers.proto",
}

var scalars = map[string]descriptorpb.FieldDescriptorProto_Type{
	"string": descriptorpb.FieldDescriptorProto_TYPE_STRING,
	"bytes":  descriptorpb.FieldDescriptorProto_TYPE_BYTES,
	"bool":   descriptorpb.FieldDescriptorProto_TYPE_BOOL,
	"int32":  descriptorpb.FieldDescriptorProto_TYPE_INT32,
	"int64":  descriptorpb.FieldDescriptorProto_TYPE_INT64,
	"uint32": descriptorpb.FieldDescriptorProto_TYPE_UINT32,
	"double": descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
}

type apiReader struct {
	file  *descriptorpb.FileDescriptorProto
	enums map[string]bool
	here  *descriptorpb.DescriptorProto
}

// An enum's values would be names of the whole package, so each has a message
// around it.
func (r *apiReader) enum(words []string) {
	e := &descriptorpb.EnumDescriptorProto{Name: proto.String("Value")}
	for i, w := range words[1:] {
		e.Value = append(e.Value, &descriptorpb.EnumValueDescriptorProto{
			Name: proto.String(w), Number: proto.Int32(int32(i)),
		})
	}
	r.enums[words[0]] = true
	r.file.MessageType = append(r.file.MessageType,
		&descriptorpb.DescriptorProto{
			Name:     proto.String(words[0]),
			EnumType: []*descriptorpb.EnumDescriptorProto{e},
		})
}

func (r *apiReader) message(name string) {
	r.here = &descriptorpb.DescriptorProto{Name: proto.String(name)}
	r.file.MessageType = append(r.file.MessageType, r.here)
}

func (r *apiReader) oneof(name string) *int32 {
	for i, o := range r.here.OneofDecl {
		if o.GetName() == name {
			return proto.Int32(int32(i))
		}
	}
	r.here.OneofDecl = append(r.here.OneofDecl,
		&descriptorpb.OneofDescriptorProto{Name: proto.String(name)})
	return proto.Int32(int32(len(r.here.OneofDecl) - 1))
}

// setType also serves the value of a map's entry.
func (r *apiReader) setType(f *descriptorpb.FieldDescriptorProto, t string) {
	switch {
	case scalars[t] != 0:
		f.Type = scalars[t].Enum()
	case wellKnown[t] != "":
		f.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
		f.TypeName = proto.String(".google.protobuf." + t)
	case r.enums[t]:
		f.Type = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum()
		f.TypeName = proto.String("." + apiPackage + "." + t + ".Value")
	default:
		f.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
		f.TypeName = proto.String("." + apiPackage + "." + t)
	}
}

// mapEntry is the nested message that a map field is made of.
func (r *apiReader) mapEntry(f *descriptorpb.FieldDescriptorProto, t string) {
	var name string
	for _, part := range strings.Split(f.GetName(), "_") {
		name += strings.ToUpper(part[:1]) + part[1:]
	}
	name += "Entry"
	key := &descriptorpb.FieldDescriptorProto{
		Name: proto.String("key"), Number: proto.Int32(1),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	r.setType(key, "string")
	value := &descriptorpb.FieldDescriptorProto{
		Name: proto.String("value"), Number: proto.Int32(2),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	r.setType(value, t)
	r.here.NestedType = append(r.here.NestedType,
		&descriptorpb.DescriptorProto{
			Name:    proto.String(name),
			Field:   []*descriptorpb.FieldDescriptorProto{key, value},
			Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
		})
	f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	f.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
	f.TypeName = proto.String("." + apiPackage + "." + r.here.GetName() +
		"." + name)
}

func (r *apiReader) fields(words []string) {
	oneof := ""
	if strings.HasSuffix(words[0], ":") {
		oneof = strings.TrimSuffix(words[0], ":")
		words = words[1:]
	}
	last := len(words) - 1
	for _, name := range words[:last] {
		f := &descriptorpb.FieldDescriptorProto{
			Name:   proto.String(name),
			Number: proto.Int32(int32(len(r.here.Field) + 1)),
			Label:  descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
		}
		switch t := words[last]; {
		case strings.HasPrefix(t, "[]"):
			r.setType(f, t[2:])
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		case strings.HasPrefix(t, "{}"):
			r.mapEntry(f, t[2:])
		default:
			r.setType(f, t)
		}
		if oneof != "" {
			f.OneofIndex = r.oneof(oneof)
		}
		r.here.Field = append(r.here.Field, f)
	}
}

// apiFile reads the text twice, for an enum may be used before its line.
func apiFile(text string) *descriptorpb.FileDescriptorProto {
	r := &apiReader{
		file: &descriptorpb.FileDescriptorProto{
			Name:    proto.String("api.proto"),
			Package: proto.String(apiPackage),
			Syntax:  proto.String("proto3"),
			Dependency: []string{
				"google/protobuf/struct.proto",
				"google/protobuf/timestamp.proto",
				"google/protobuf/duration.proto",
				"google/protobuf/wrappers.proto",
			},
		},
		enums: map[string]bool{},
	}
	lines := strings.Split(text, "\n")
	for _, line := range lines {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "enum" {
			r.enum(words[1:])
		}
	}
	for _, line := range lines {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0][0] == '#' || words[0] == "enum":
		case line[0] == '\t':
			r.fields(words)
		default:
			r.message(words[0])
		}
	}
	return r.file
}

var messages = map[string]protoreflect.MessageType{}

func init() {
	file, err := protodesc.NewFile(apiFile(apiText), protoregistry.GlobalFiles)
	if err != nil {
		panic(err)
	}
	for i := 0; i < file.Messages().Len(); i++ {
		t := dynamicpb.NewMessageType(file.Messages().Get(i))
		messages[string(t.Descriptor().Name())] = t
		// The details of an error are found here by their @type.
		if err := protoregistry.GlobalTypes.RegisterMessage(t); err != nil {
			panic(err)
		}
		// And enums by who reads them from a path or a query.
		for j := 0; j < t.Descriptor().Enums().Len(); j++ {
			err := protoregistry.GlobalTypes.RegisterEnum(
				dynamicpb.NewEnumType(t.Descriptor().Enums().Get(j)))
			if err != nil {
				panic(err)
			}
		}
	}
}

// obj is a message as its JSON: snake_case, what is unset left out, int64 as
// text, enums by name. All logic works on this form.
type obj = map[string]any

func newMessage(name string) proto.Message {
	t := messages[name]
	if t == nil {
		panic("no message " + name)
	}
	return t.New().Interface()
}

func toObj(m proto.Message) obj {
	data, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		panic(err)
	}
	var o obj
	if err := json.Unmarshal(data, &o); err != nil {
		panic(err)
	}
	return o
}

// toMessage is for what this program made itself, so a failure is its own.
func toMessage(name string, o obj) proto.Message {
	data, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	m := newMessage(name)
	if err := protojson.Unmarshal(data, m); err != nil {
		panic(fmt.Sprintf("%s: %v: %s", name, err, data))
	}
	return m
}

// at walks down by keys; nil where there is nothing.
func at(o obj, path ...string) any {
	var v any = o
	for _, p := range path {
		m, ok := v.(obj)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func str(o obj, path ...string) string {
	s, _ := at(o, path...).(string)
	return s
}

func sub(o obj, path ...string) obj {
	m, _ := at(o, path...).(obj)
	return m
}

func list(o obj, path ...string) []any {
	l, _ := at(o, path...).([]any)
	return l
}

func num(o obj, path ...string) int {
	f, _ := at(o, path...).(float64)
	return int(f)
}

func isTrue(o obj, path ...string) bool {
	b, _ := at(o, path...).(bool)
	return b
}

// clone is a deep copy, so that nothing stored is shared with a request.
func clone(v any) any {
	switch v := v.(type) {
	case obj:
		m := make(obj, len(v))
		for k, e := range v {
			m[k] = clone(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = clone(e)
		}
		return l
	}
	return v
}
