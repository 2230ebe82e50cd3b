// The object store that uploads and downloads go to: files in a directory,
// reached by URLs signed as S3's are. What it refuses, and how, is what S3
// does; the signature is of our own making.
package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	bucket    = "flyte-data"
	amzTime   = "20060102T150405Z"
	signature = "&X-Amz-Signature="
)

type object struct {
	file   string
	size   int64
	md5    string // hex
	stored time.Time
	kept   bool // a snapshot has it
}

type objectStore struct {
	mu     sync.Mutex
	dir    string
	origin string
	clock  *clock
	key    []byte
	all    map[string]*object // by bucket/key
	serial int
}

func newObjectStore(dir string, c *clock) *objectStore {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		panic(err)
	}
	return &objectStore{dir: filepath.Join(dir, "objects"), clock: c,
		key: key, all: map[string]*object{}}
}

func (s *objectStore) find(name string) *object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[name]
}

// below lists the names that begin with a prefix.
func (s *objectStore) below(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.all {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// put stores what it reads under the name, unless the digest (of 16 bytes) is
// another.
func (s *objectStore) put(name string, r io.Reader, digest []byte) (*object,
	error) {
	s.mu.Lock()
	s.serial++
	file := filepath.Join(s.dir, strconv.Itoa(s.serial))
	s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	sum := md5.New()
	size, err := io.Copy(io.MultiWriter(f, sum), r)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil && digest != nil && !hmac.Equal(digest, sum.Sum(nil)) {
		err = errDigest
	}
	if err != nil {
		os.Remove(file)
		return nil, err
	}
	o := &object{file: file, size: size, stored: s.clock.now(),
		md5: hex.EncodeToString(sum.Sum(nil))}
	s.mu.Lock()
	if old := s.all[name]; old != nil && !old.kept {
		os.Remove(old.file)
	}
	s.all[name] = o
	s.mu.Unlock()
	return o, nil
}

// escape is S3's: all but the unreserved characters and slashes.
func escape(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
			c >= '0' && c <= '9' || strings.IndexByte("-_.~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func (s *objectStore) mac(method, path, query, host string,
	names []string, header http.Header) string {
	m := hmac.New(sha256.New, s.key)
	fmt.Fprintf(m, "%s\n%s\n%s\n", method, path, query)
	for _, name := range names {
		value := header.Get(name)
		if name == "host" {
			value = host
		}
		fmt.Fprintf(m, "%s:%s\n", name, value)
	}
	return hex.EncodeToString(m.Sum(nil))
}

// sign makes a URL for one method, with headers that must come along.
func (s *objectStore) sign(method, name string, header http.Header,
	life time.Duration) string {
	names := []string{"host"}
	for h := range header {
		names = append(names, strings.ToLower(h))
	}
	sort.Strings(names)
	now := s.clock.now()
	query := "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
		url.QueryEscape("test/"+now.Format("20060102")+
			"/us-east-1/s3/aws4_request") +
		"&X-Amz-Date=" + now.Format(amzTime) +
		"&X-Amz-Expires=" + strconv.Itoa(int(life.Seconds())) +
		"&X-Amz-SignedHeaders=" + url.QueryEscape(strings.Join(names, ";"))
	path := "/" + escape(name)
	host := s.origin[strings.Index(s.origin, "//")+2:]
	return s.origin + path + "?" + query + signature +
		s.mac(method, path, query, host, names, header)
}

type storeError struct {
	XMLName xml.Name `xml:"Error"`
	status  int
	Code    string
	Message string
}

func (e *storeError) Error() string { return e.Message }

var (
	errDigest = &storeError{status: 400, Code: "BadDigest", Message: "The " +
		"Content-MD5 you specified did not match what we received."}
	errInvalidDigest = &storeError{status: 400, Code: "InvalidDigest",
		Message: "The Content-MD5 you specified is not valid."}
	errTwoModes = &storeError{status: 400, Code: "InvalidArgument",
		Message: "Only one auth mechanism allowed"}
	errDenied = &storeError{status: 403, Code: "AccessDenied",
		Message: "Access Denied."}
	errExpired = &storeError{status: 403, Code: "AccessDenied",
		Message: "Request has expired"}
	errSignature = &storeError{status: 403, Code: "SignatureDoesNotMatch",
		Message: "The request signature we calculated does not match the " +
			"signature you provided. Check your key and signing method."}
	errNoKey = &storeError{status: 404, Code: "NoSuchKey",
		Message: "The specified key does not exist."}
	errLength = &storeError{status: 411, Code: "MissingContentLength",
		Message: "You must provide the Content-Length HTTP header."}
	errMethod = &storeError{status: 405, Code: "MethodNotAllowed",
		Message: "The specified method is not allowed against this resource."}
)

// allowed looks at all but the body.
func (s *objectStore) allowed(r *http.Request) error {
	raw, given, signed := strings.Cut(r.URL.RawQuery, signature)
	if !signed {
		return errDenied
	}
	if r.Header.Get("Authorization") != "" {
		return errTwoModes
	}
	if digests, sent := r.Header["Content-Md5"]; sent {
		sum, err := base64.StdEncoding.DecodeString(digests[0])
		if err != nil || len(sum) != md5.Size {
			return errInvalidDigest
		}
	}
	query := r.URL.Query()
	made, err := time.Parse(amzTime, query.Get("X-Amz-Date"))
	life, e := strconv.Atoi(query.Get("X-Amz-Expires"))
	if err != nil || e != nil {
		return errDenied
	}
	names := strings.Split(query.Get("X-Amz-SignedHeaders"), ";")
	path, _, _ := strings.Cut(r.RequestURI, "?")
	want := s.mac(r.Method, path, raw, r.Host, names, r.Header)
	if !hmac.Equal([]byte(given), []byte(want)) {
		return errSignature
	}
	if s.clock.now().After(made.Add(time.Duration(life) * time.Second)) {
		return errExpired
	}
	return nil
}

func (s *objectStore) serveGet(w http.ResponseWriter, r *http.Request,
	name string) error {
	o := s.find(name)
	if o == nil {
		return errNoKey
	}
	f, err := os.Open(o.file)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "binary/octet-stream")
	w.Header().Set("ETag", `"`+o.md5+`"`)
	http.ServeContent(w, r, "", o.stored, f)
	return nil
}

func (s *objectStore) servePut(w http.ResponseWriter, r *http.Request,
	name string) error {
	if r.ContentLength < 0 {
		return errLength
	}
	var digest []byte
	if text := r.Header.Get("Content-Md5"); text != "" {
		digest, _ = base64.StdEncoding.DecodeString(text)
	}
	o, err := s.put(name, r.Body, digest)
	if err == nil {
		w.Header().Set("ETag", `"`+o.md5+`"`)
	}
	return err
}

func (s *objectStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := s.allowed(r)
	name := strings.TrimPrefix(r.URL.Path, "/")
	switch {
	case err != nil:
	case r.Method == http.MethodGet:
		err = s.serveGet(w, r, name)
	case r.Method == http.MethodPut:
		err = s.servePut(w, r, name)
	default:
		err = errMethod
	}
	if err == nil {
		return
	}
	fault, known := err.(*storeError)
	if !known {
		fault = &storeError{status: 500, Code: "InternalError",
			Message: err.Error()}
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(fault.status)
	text, _ := xml.Marshal(fault)
	fmt.Fprintf(w, "%s%s\n", xml.Header, text)
}
