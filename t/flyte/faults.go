// Faults as data: which request goes wrong, and how. Rules come from -faults
// or by POST to /_test/faults; t/lib-flyte.sh says what they look like.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// fault is one rule. The first Nth-1 matching requests pass, the next Count
// (all, if negative) are spoilt.
type fault struct {
	Method  string            `json:"method,omitempty"`
	Path    string            `json:"path,omitempty"`
	Nth     int               `json:"nth,omitempty"`
	Count   int               `json:"count,omitempty"`
	Do      string            `json:"do"`
	After   bool              `json:"after,omitempty"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    *string           `json:"body,omitempty"`
	Bytes   int               `json:"bytes,omitempty"`
	Delay   string            `json:"delay,omitempty"`

	path  *regexp.Regexp
	delay time.Duration
	seen  int
}

type faultList struct {
	mu    sync.Mutex
	rules []*fault
	fired int
	noted []string // METHOD PATH of each request that a "note" has met
}

// What a rule may do. Those that are true spoil the answer of a request that
// was carried out; of the others only with "after".
var faultKinds = map[string]bool{
	"cut": true, "length": true, "drip": true,
	"status": false, "html": false, "expired": false, "reset": false,
	"close": false, "garbage": false, "hang": false, "delay": false,
	"note": false, "whole": false,
}

func (f *fault) check() error {
	var err error
	if _, known := faultKinds[f.Do]; !known {
		return fmt.Errorf("no fault '%s'", f.Do)
	}
	if f.path, err = regexp.Compile(f.Path); err != nil {
		return err
	}
	if f.Delay != "" {
		if f.delay, err = time.ParseDuration(f.Delay); err != nil {
			return err
		}
	}
	f.Nth = max(f.Nth, 1)
	if f.Count == 0 {
		f.Count = 1
	}
	return nil
}

// add takes one rule or a list of them.
func (l *faultList) add(data []byte) error {
	var rules []*fault
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '{' {
		data = append(append([]byte{'['}, data...), ']')
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rules); err != nil {
		return err
	}
	for _, f := range rules {
		if err := f.check(); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules = append(l.rules, rules...)
	return nil
}

func (l *faultList) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules, l.fired, l.noted = nil, 0, nil
}

// counts of the rules, and of the requests that they have spoilt: a client
// that hangs in one can be killed then.
func (l *faultList) counts() (rules, fired int, noted []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.rules), l.fired, slices.Clone(l.noted)
}

// of a request: the first rule whose turn it is. All that match count it.
func (l *faultList) of(r *http.Request) *fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found *fault
	for _, f := range l.rules {
		if f.Method != "" && f.Method != r.Method ||
			!f.path.MatchString(r.URL.Path) {
			continue
		}
		f.seen++
		if f.seen >= f.Nth && (f.Count < 0 || f.seen < f.Nth+f.Count) &&
			found == nil {
			found = f
			if f.Do == "note" {
				l.noted = append(l.noted, r.Method+" "+r.URL.Path)
			}
		}
	}
	return found
}

// spoilt counts a request, after it was carried out if it is to be: who sees
// it counted can kill the client, and knows what the cluster has.
func (l *faultList) spoilt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fired++
}

// recorder keeps an answer back.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder {
	return &recorder{header: http.Header{}, status: http.StatusOK}
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// plain answers in HTTP, if in no good one; false if it is another kind.
func (f *fault) plain(w http.ResponseWriter) bool {
	status, body := f.Status, ""
	switch f.Do {
	case "status":
		body = fmt.Sprintf(`{"code":14,"message":"fault %d","details":[]}`,
			status)
	case "html":
		if status == 0 {
			status = http.StatusOK
		}
		body = "<html><body><h1>Welcome to nginx!</h1></body></html>\n"
		w.Header().Set("Content-Type", "text/html")
	case "expired":
		status = http.StatusUnauthorized
		body = `{"code":16,"message":"token parse error id token err: ` +
			`access token err: [JWT_VERIFICATION_FAILED] token is ` +
			`expired","details":[]}`
		w.Header().Set("Www-Authenticate", "token is expired")
	default:
		return false
	}
	if f.Body != nil {
		body = *f.Body
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	for k, v := range f.Headers {
		w.Header().Set(k, v)
	}
	w.WriteHeader(status)
	fmt.Fprint(w, body)
	return true
}

// spoil writes a recorded answer as it should not be.
func (f *fault) spoil(conn net.Conn, out *bufio.ReadWriter, a *recorder) {
	body := a.body.Bytes()
	length := len(body)
	switch f.Do {
	case "cut":
		body = body[:min(f.Bytes, length)]
	case "length":
		more := f.Bytes
		if more == 0 {
			more = 10
		}
		length = max(length+more, 0)
	}
	fmt.Fprintf(out, "HTTP/1.1 %d %s\r\n", a.status,
		http.StatusText(a.status))
	a.header.Set("Content-Length", strconv.Itoa(length))
	a.header.Write(out)
	fmt.Fprint(out, "Connection: close\r\n\r\n")
	if f.Do != "drip" {
		out.Write(body)
		out.Flush()
		return
	}
	out.Flush()
	for i := range body {
		if _, err := conn.Write(body[i : i+1]); err != nil {
			return
		}
		time.Sleep(f.delay)
	}
}

// raw is what only the connection itself can do.
func (f *fault) raw(w http.ResponseWriter, r *http.Request, a *recorder) {
	if f.Do == "hang" {
		<-r.Context().Done()
		return
	}
	hijacker, can := w.(http.Hijacker)
	if !can {
		// HTTP/2: the stream is reset.
		panic(http.ErrAbortHandler)
	}
	conn, out, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	switch f.Do {
	case "reset":
		under := conn
		if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
			under = t.NetConn()
		}
		if t, ok := under.(*net.TCPConn); ok {
			t.SetLinger(0)
		}
		under.Close()
	case "garbage":
		fmt.Fprint(out, "\x00\x01 this is no HTTP\r\n\r\n")
		out.Flush()
	case "cut", "length", "drip":
		f.spoil(conn, out, a)
	}
}

func (l *faultList) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := l.of(r)
		if f == nil {
			next.ServeHTTP(w, r)
			return
		}
		switch f.Do {
		case "delay", "whole", "note":
			l.spoilt()
		}
		switch f.Do {
		case "delay":
			time.Sleep(f.delay)
			next.ServeHTTP(w, r)
			return
		case "whole":
			r.Header.Del("Range")
			next.ServeHTTP(w, r)
			return
		case "note":
			next.ServeHTTP(w, r)
			return
		}
		a := newRecorder()
		if faultKinds[f.Do] || f.After {
			next.ServeHTTP(a, r)
		}
		l.spoilt()
		if !f.plain(w) {
			f.raw(w, r, a)
		}
	})
}
