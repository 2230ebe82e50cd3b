// A Flyte 1 cluster for tests: its REST API in memory, an object store with
// signed URLs, an executor that runs containers as processes, and the native
// scheduler. The first line on stdout is its URL. It ends on SIGTERM or when
// stdin is closed, and leaves nothing behind.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type settings struct {
	listen   string
	dir      string
	projects []string
	tokens   string
	issuer   string
	secrets  string
	logFile  string
	faults   string
	certFile string
	run      string
	attempts int
	poll     time.Duration
	limits   map[string]amount
	started  time.Time
	url      string
}

func readFlags() (settings, bool) {
	s := settings{started: time.Now(), limits: map[string]amount{}}
	var projects, cpu, memory string
	var check bool
	flag.StringVar(&s.listen, "listen", "127.0.0.1:0", "`ADDRESS`")
	flag.StringVar(&s.dir, "dir", "", "keep objects and work below "+
		"`DIRECTORY`, not in one that goes away")
	flag.StringVar(&projects, "projects", "flytesnacks", "`IDS` there from "+
		"the start")
	flag.StringVar(&s.tokens, "tokens", "", "authentication is on: `FILE` "+
		"lists the bearer tokens")
	flag.StringVar(&s.issuer, "issuer", "", "`URL` of who gives out tokens")
	flag.StringVar(&s.secrets, "secrets", "", "`FILE` of JSON with the "+
		"cluster's secrets, {\"group/key\": value}")
	flag.StringVar(&s.logFile, "log", "", "requests go to `FILE`")
	flag.StringVar(&s.faults, "faults", "", "`FILE` with rules of faults")
	flag.StringVar(&s.certFile, "tls", "", "TLS, with a certificate of its "+
		"own written to `FILE`")
	flag.StringVar(&s.run, "run", "process", "run tasks as a `WAY`: process, "+
		"no (executions stay queued), or a phase that all end in at once")
	flag.IntVar(&s.attempts, "system-retries", 3, "further attempts after a "+
		"failure of the system")
	flag.DurationVar(&s.poll, "scheduler", 0, "the scheduler looks for "+
		"changes each `INTERVAL`; 0: there is none")
	flag.StringVar(&cpu, "cpu-limit", "2", "most that a task may ask for")
	flag.StringVar(&memory, "memory-limit", "", "most that a task may ask "+
		"for")
	flag.BoolVar(&check, "check", false, "read tasks, workflows and launch "+
		"plans from stdin, register them in an empty cluster, and end")
	flag.Parse()
	s.projects = strings.FieldsFunc(projects, func(r rune) bool {
		return r == ','
	})
	for name, text := range map[string]string{"CPU": cpu, "MEMORY": memory} {
		if n, ok := quantity(text); ok {
			s.limits[name] = amount{text, n}
		}
	}
	return s, check
}

// listen opens a port, with TLS if there is a configuration.
func listen(address string, config *tls.Config) (net.Listener, string, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, "", err
	}
	if config == nil {
		return l, "http://" + l.Addr().String(), nil
	}
	return tls.NewListener(l, config), "https://" + l.Addr().String(), nil
}

func serve(l net.Listener, h http.Handler) {
	server := &http.Server{Handler: h,
		ErrorLog: log.New(io.Discard, "", 0)}
	server.Serve(l)
}

// wait ends with a signal or with stdin.
func wait() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	closed := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(closed)
	}()
	select {
	case <-signals:
	case <-closed:
	}
}

func run(s settings) error {
	if s.dir == "" {
		dir, err := os.MkdirTemp("", "flyte-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.dir = dir
	}
	c := newCluster(s)
	var err error
	if c.log, err = openLog(s.logFile); err != nil {
		return err
	}
	if s.faults != "" {
		data, err := os.ReadFile(s.faults)
		if err == nil {
			err = c.faults.add(data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.faults, err)
		}
	}
	var config *tls.Config
	if s.certFile != "" {
		if config, err = selfSigned(s.certFile); err != nil {
			return err
		}
	}
	api, url, err := listen(s.listen, config)
	if err != nil {
		return err
	}
	store, origin, err := listen("127.0.0.1:0", config)
	if err != nil {
		return err
	}
	c.settings.url, c.store.origin = url, origin
	go serve(store, c.log.wrap(c.faults.wrap(c.store), false))
	// What tests do behind the API's back meets no faults and is not logged.
	front := http.NewServeMux()
	front.HandleFunc("/_test/", c.serveTest)
	front.Handle("/", c.log.wrap(c.faults.wrap(c.gateway()), true))
	go serve(api, front)
	if s.poll > 0 {
		go c.sched.loop()
	}
	fmt.Println(url)
	wait()
	api.Close()
	store.Close()
	c.engine.close()
	return nil
}

func main() {
	s, check := readFlags()
	var err error
	if check {
		err = checkDocument(s, os.Stdin)
	} else {
		err = run(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
