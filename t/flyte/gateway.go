// The REST gateway: grpc-gateway's own mux, marshalers and error answers, with
// a table of routes in place of generated handlers.
package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A body over this is refused, as gRPC behind the gateway does.
const maxBody = 4194304

// A handler gets the request's message and answers with one: an obj, or what
// a record keeps ready.
type handler func(*cluster, obj) (any, error)

type route struct {
	method, pattern   string
	request, response string
	do                handler
}

// page is the answer of a list.
type page struct {
	items []record
	token string
}

// record is what a list shows. Its message is made once for each change.
type record interface {
	column(string) any
	message() proto.Message
}

func fail(code codes.Code, format string, args ...any) error {
	return status.Errorf(code, format, args...)
}

func invalid(format string, args ...any) error {
	return fail(codes.InvalidArgument, format, args...)
}

// failWith adds one detail, which the answer shows with its @type.
func failWith(code codes.Code, text, detail string, o obj) error {
	s, err := status.New(code, text).WithDetails(
		protoadapt.MessageV1Of(toMessage(detail, o)))
	if err != nil {
		panic(err)
	}
	return s.Err()
}

func newMux() *runtime.ServeMux {
	read := protojson.UnmarshalOptions{}
	snake := &runtime.JSONPb{
		MarshalOptions: protojson.MarshalOptions{
			UseProtoNames: true, EmitUnpopulated: true},
		UnmarshalOptions: read,
	}
	camel := &runtime.JSONPb{
		MarshalOptions:   protojson.MarshalOptions{EmitUnpopulated: true},
		UnmarshalOptions: read,
	}
	return runtime.NewServeMux(
		runtime.WithMarshalerOption("application/json", snake),
		runtime.WithMarshalerOption(runtime.MIMEWildcard, camel),
	)
}

// readRequest fills the message from the body, the path and the query.
func readRequest(m proto.Message, in runtime.Marshaler, r *http.Request,
	path map[string]string) error {
	if r.Method == http.MethodGet {
		if err := r.ParseForm(); err != nil {
			return invalid("%v", err)
		}
		err := runtime.PopulateQueryParameters(m, r.Form,
			utilities.NewDoubleArray(nil))
		if err != nil {
			return invalid("%v", err)
		}
	} else {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err != nil {
			return invalid("%v", err)
		}
		if len(body) > maxBody {
			return fail(codes.ResourceExhausted, "grpc: received message "+
				"larger than max (%d vs. %d)", r.ContentLength, maxBody)
		}
		err = in.NewDecoder(strings.NewReader(string(body))).Decode(m)
		if err != nil && !errors.Is(err, io.EOF) {
			return invalid("%v", err)
		}
	}
	for name, value := range path {
		err := runtime.PopulateFieldFromPath(m, name, value)
		if err != nil {
			return invalid("type mismatch, parameter: %s, error: %v",
				name, err)
		}
	}
	return nil
}

// answer turns what a handler gave into the message of the response.
func answer(name string, v any) proto.Message {
	switch v := v.(type) {
	case obj:
		return toMessage(name, v)
	case page:
		m := newMessage(name)
		r := m.ProtoReflect()
		fields := r.Descriptor().Fields()
		items := r.Mutable(fields.Get(0)).List()
		for _, i := range v.items {
			items.Append(protoreflect.ValueOfMessage(
				i.message().ProtoReflect()))
		}
		r.Set(fields.ByName("token"), protoreflect.ValueOfString(v.token))
		return m
	case record:
		return v.message()
	}
	panic("no answer")
}

// unsized leaves it to net/http whether an answer tells its length: a real
// gateway is of a version that never does, so longer ones come in chunks.
type unsized struct{ http.ResponseWriter }

func (w unsized) Write(b []byte) (int, error) {
	w.Header().Del("Content-Length")
	return w.ResponseWriter.Write(b)
}

func (w unsized) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}

// carryOut holds the lock. What goes wrong in here is a fault of ours: it ends
// the program with a trace, which net/http would swallow with the lock held.
func (c *cluster) carryOut(t route, m proto.Message) (proto.Message, error) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "%s %s: %v\n%s", t.method,
				t.pattern, p, debug.Stack())
			os.Exit(2)
		}
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	v, err := t.do(c, toObj(m))
	if err != nil {
		return nil, err
	}
	return answer(t.response, v), nil
}

func (c *cluster) addRoute(mux *runtime.ServeMux, t route) {
	err := mux.HandlePath(t.method, t.pattern, func(w http.ResponseWriter,
		r *http.Request, path map[string]string) {
		in, out := runtime.MarshalerForRequest(mux, r)
		ctx := runtime.NewServerMetadataContext(r.Context(),
			runtime.ServerMetadata{})
		m := newMessage(t.request)
		err := readRequest(m, in, r, path)
		if err == nil {
			err = c.authorized(r)
		}
		var reply proto.Message
		if err == nil {
			reply, err = c.carryOut(t, m)
		}
		if err != nil {
			runtime.HTTPError(ctx, mux, out, unsized{w}, r, err)
			return
		}
		runtime.ForwardResponseMessage(ctx, mux, out, unsized{w}, r, reply)
	})
	if err != nil {
		panic(err)
	}
}

// gateway is the whole of what a real one serves on its HTTP port.
func (c *cluster) gateway() http.Handler {
	mux := newMux()
	for _, t := range routes {
		c.addRoute(mux, t)
	}
	for _, t := range authRoutes {
		c.addOpenRoute(mux, t)
	}
	front := http.NewServeMux()
	front.HandleFunc("/healthcheck",
		func(w http.ResponseWriter, r *http.Request) {
			// No content type, not even a guessed one.
			w.Header()["Content-Type"] = nil
			w.WriteHeader(http.StatusOK)
		})
	front.HandleFunc("POST /oauth2/token", c.giveToken)
	front.Handle("/", mux)
	return front
}

// message is an error's text without its code.
func message(err error) string { return status.Convert(err).Message() }
