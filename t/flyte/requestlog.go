// The log of requests, for tests that compare what a client sent: an object a
// line, without tokens and without signatures.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
)

type requestLog struct {
	mu   sync.Mutex
	file *os.File
}

type requestLine struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Query  map[string]string `json:"query,omitempty"`
	Proto  string            `json:"proto"`
	Auth   string            `json:"auth"`
	Accept string            `json:"accept,omitempty"`
	Length int64             `json:"length,omitempty"`
	MD5    string            `json:"content_md5,omitempty"`
	Range  string            `json:"range,omitempty"`
	Body   any               `json:"body,omitempty"`
	Status int               `json:"status"`
}

func openLog(name string) (*requestLog, error) {
	if name == "" {
		return &requestLog{}, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	return &requestLog{file: f}, err
}

func (l *requestLog) write(line requestLine) {
	data, err := json.Marshal(line)
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.file.Write(append(data, '\n'))
}

// authOf tells how a request proves who it is, and not by what.
func authOf(r *http.Request) string {
	switch {
	case strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "),
		strings.HasPrefix(r.Header.Get("Flyte-Authorization"), "Bearer "):
		return "bearer"
	case r.Header.Get("Authorization") != "":
		return "other"
	case r.URL.Query().Get("X-Amz-Signature") != "":
		return "signed"
	}
	return "none"
}

func plainQuery(query url.Values) map[string]string {
	plain := map[string]string{}
	for k, v := range query {
		if !strings.HasPrefix(k, "X-Amz-") {
			plain[k] = strings.Join(v, ",")
		}
	}
	return plain
}

// statusWriter notes the status. It must stay a Hijacker for the faults.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type hijackWriter struct {
	*statusWriter
	http.Hijacker
}

// wrap logs each request when it has been answered; bodies only of the API.
func (l *requestLog) wrap(next http.Handler, bodies bool) http.Handler {
	if l.file == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := requestLine{Method: r.Method, Path: r.URL.Path,
			Query: plainQuery(r.URL.Query()), Proto: r.Proto,
			Auth:   authOf(r),
			Accept: r.Header.Get("Accept"), Range: r.Header.Get("Range"),
			MD5: r.Header.Get("Content-Md5")}
		if bodies {
			data, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(data))
			if json.Unmarshal(data, &line.Body) != nil && len(data) > 0 {
				line.Body = string(data)
			}
		} else {
			line.Length = r.ContentLength
		}
		status := &statusWriter{ResponseWriter: w}
		var out http.ResponseWriter = status
		if h, can := w.(http.Hijacker); can {
			out = hijackWriter{status, h}
		}
		defer func() {
			line.Status = status.status
			l.write(line)
		}()
		next.ServeHTTP(out, r)
	})
}
