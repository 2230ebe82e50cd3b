// One attempt of a task: its container as a process of this machine, with
// directories of its own in place of copilot's, whose paths are replaced in
// the command, the arguments and the environment.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// After TERM, until KILL; a cluster gives 30 seconds.
	grace = 2 * time.Second
	// What Kubernetes keeps of a failed container's log.
	tailBytes = 2048
	tailLines = 80
	killed    = 128 + int(syscall.SIGKILL)
)

// outcome of an attempt: outputs, a failure, or neither for it was stopped.
type outcome struct {
	outputs obj
	failure obj
	phase   string // of the attempt that failed
	stopped bool
}

type container struct {
	g       *graphRun
	t       *taskRun
	spec    obj
	dir     string
	timeout time.Duration
	// From the container's paths to those of this machine.
	paths *strings.Replacer
}

func (g *graphRun) container(t *taskRun) *container {
	g.c.mu.Lock()
	defer g.c.mu.Unlock()
	c := &container{g: g, t: t,
		spec:    sub(t.node.task.spec, "template", "container"),
		dir:     filepath.Join(g.c.settings.dir, "work", t.podName()),
		timeout: g.timeout(t.node)}
	var pairs []string
	for _, side := range []string{"input", "output"} {
		path := str(c.spec, "data_config", side+"_path")
		if path != "" {
			pairs = append(pairs, path, c.side(side))
		}
	}
	c.paths = strings.NewReplacer(pairs...)
	return c
}

func (c *container) side(name string) string {
	return filepath.Join(c.dir, name+"s")
}

func (c *container) variables(name string) obj {
	return sub(c.t.node.task.spec, "template", "interface", name+"s",
		"variables")
}

// A placeholder may be spelt in either case, and with a dollar for its dot.
var inputForm = regexp.MustCompile(
	`(?i)\{\{[ \t\r\n]*[.$]inputs\.([^}[:space:]]+)[ \t\r\n]*\}\}`)

// placeholderText is a literal's text in a command.
func placeholderText(l obj) (string, error) {
	switch {
	case l["collection"] != nil:
		var parts []string
		for _, e := range list(l, "collection", "literals") {
			text, err := placeholderText(e.(obj))
			if err != nil {
				return "", err
			}
			parts = append(parts, text)
		}
		return "[" + strings.Join(parts, ",") + "]", nil
	case sub(l, "scalar", "primitive") != nil:
		p := sub(l, "scalar", "primitive")
		if v := p["float_value"]; v != nil {
			return fmt.Sprint(floatOf(v)), nil
		}
		if v := p["duration"]; v != nil {
			d, err := time.ParseDuration(v.(string))
			return durationpb.New(d).String(), err
		}
		text, _, err := primitive(p)
		return text, err
	case sub(l, "scalar", "blob") != nil:
		return str(l, "scalar", "blob", "uri"), nil
	case sub(l, "scalar", "schema") != nil:
		return str(l, "scalar", "schema", "uri"), nil
	}
	return "", errors.New("received an unexpected type")
}

// render replaces {{.inputs.x}}. A task without inputs keeps it as it is.
func (c *container) render(word string) (string, error) {
	if len(c.t.node.inputs) == 0 {
		return word, nil
	}
	var failure error
	text := inputForm.ReplaceAllStringFunc(word, func(s string) string {
		name := inputForm.FindStringSubmatch(s)[1]
		l := sub(c.t.node.inputs, name)
		if l == nil {
			failure = fmt.Errorf("requested input is not found [%s]", name)
			return ""
		}
		value, err := placeholderText(l)
		if err != nil {
			failure = fmt.Errorf("failed to bind a value to inputName "+
				"[%s]: %w", name, err)
		}
		return value
	})
	return text, failure
}

func (c *container) words() ([]string, error) {
	var words []string
	for _, part := range []string{"command", "args"} {
		for _, w := range list(c.spec, part) {
			text, err := c.render(w.(string))
			if err != nil {
				return nil, err
			}
			words = append(words, c.paths.Replace(text))
		}
	}
	if len(words) == 0 {
		return nil, errors.New("the image's own command is not known here")
	}
	return words, nil
}

func (c *container) environment() []string {
	run, task := c.t.node.run, c.t.node.task
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir,
		"TMPDIR=" + filepath.Join(c.dir, "tmp"),
		"FLYTE_INTERNAL_EXECUTION_ID=" + run.name,
		"FLYTE_INTERNAL_EXECUTION_PROJECT=" + run.project,
		"FLYTE_INTERNAL_EXECUTION_DOMAIN=" + run.domain,
		"FLYTE_INTERNAL_EXECUTION_WORKFLOW=" + run.project + ":" +
			run.domain + ":" + run.workflow.name,
		"FLYTE_INTERNAL_TASK_PROJECT=" + task.project,
		"FLYTE_INTERNAL_TASK_DOMAIN=" + task.domain,
		"FLYTE_INTERNAL_TASK_NAME=" + task.name,
		"FLYTE_INTERNAL_TASK_VERSION=" + task.version,
		"FLYTE_ATTEMPT_NUMBER=" + strconv.Itoa(c.t.attempt)}
	sources := [][]any{list(c.spec, "env"),
		list(run.plan.spec, "envs", "values"),
		list(run.spec, "envs", "values")}
	for _, source := range sources {
		for _, e := range source {
			env = append(env, str(e.(obj), "key")+"="+
				c.paths.Replace(str(e.(obj), "value")))
		}
	}
	return append(env, c.secrets()...)
}

// secrets that the task asks for as variables. One that the cluster has not is
// no error, and not set.
func (c *container) secrets() []string {
	var all map[string]string
	data, err := os.ReadFile(c.g.c.settings.secrets)
	if err != nil || json.Unmarshal(data, &all) != nil {
		return nil
	}
	const prefix = "_FSEC_"
	env := []string{"FLYTE_SECRETS_ENV_PREFIX=" + prefix}
	for _, s := range list(c.t.node.task.spec, "template",
		"security_context", "secrets") {
		group, key := str(s.(obj), "group"), str(s.(obj), "key")
		value, there := all[group+"/"+key]
		if !there || str(s.(obj), "mount_requirement") != "ENV_VAR" {
			continue
		}
		env = append(env, strings.ToUpper(prefix+group+"_"+key)+"="+value)
		if name := str(s.(obj), "env_var"); name != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// prepare makes the directories; the inputs' and outputs' only where the task
// has any. A failed download is noted and changes nothing else.
func (c *container) prepare() error {
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	for _, d := range []string{"tmp", "cwd"} {
		err := os.MkdirAll(filepath.Join(c.dir, d), 0o755)
		if err != nil {
			return err
		}
	}
	for _, side := range []string{"input", "output"} {
		if len(c.variables(side)) == 0 {
			continue
		}
		if err := os.Mkdir(c.side(side), 0o755); err != nil {
			return err
		}
	}
	if len(c.variables("input")) > 0 {
		err := downloader{c.g.c.store}.inputs(c.t.node.inputs,
			c.side("input"), str(c.spec, "data_config", "format"))
		if err != nil {
			return c.note(err)
		}
	}
	return nil
}

// note writes to copilot's log, which nobody is shown.
func (c *container) note(err error) error {
	return os.WriteFile(filepath.Join(c.dir, "copilot.log"),
		[]byte(err.Error()+"\n"), 0o644)
}

// process starts the command. It dies with the thread that started it, so
// that one is kept.
func (c *container) process(words []string, log *os.File) (*exec.Cmd, error) {
	p := exec.Command(words[0], words[1:]...)
	p.Env = c.environment()
	p.Dir = filepath.Join(c.dir, "cwd")
	p.Stdout, p.Stderr = log, log
	p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true,
		Pdeathsig: syscall.SIGKILL}
	return p, p.Start()
}

// wait gives the exit status, or why it was ended early.
func (c *container) wait(p *exec.Cmd) (status int, why string) {
	done := make(chan struct{})
	ended := make(chan string, 1)
	go func() {
		var late <-chan time.Time
		if c.timeout > 0 {
			late = time.After(c.timeout)
		}
		reason := ""
		select {
		case <-done:
			ended <- ""
			return
		case <-late:
			reason = "timeout"
		case <-c.t.node.run.stop:
			reason = "stopped"
		case <-c.g.halt:
			reason = "stopped"
		case <-c.g.engine.closing:
			reason = "stopped"
		}
		syscall.Kill(-p.Process.Pid, syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(grace):
			syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		}
		ended <- reason
	}()
	p.Wait()
	close(done)
	why = <-ended
	// Nothing of the group outlives the container.
	syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
	state := p.ProcessState.Sys().(syscall.WaitStatus)
	if state.Signaled() {
		return 128 + int(state.Signal()), why
	}
	return state.ExitStatus(), why
}

func (c *container) tail() string {
	data, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	data = data[max(0, len(data)-tailBytes):]
	lines := strings.SplitAfter(string(data), "\n")
	return strings.Join(lines[max(0, len(lines)-tailLines-1):], "")
}

// podFailure is a container's exit status as propeller tells it.
func (c *container) podFailure(status int) outcome {
	kind := "SYSTEM"
	if status == killed {
		kind = "USER"
	}
	return outcome{phase: "FAILED", failure: obj{"code": "Interrupted",
		"kind": kind, "message": fmt.Sprintf("Pod failed. No message "+
			"received from kubernetes.\r\n[flyte-copilot-uploader] "+
			"terminated with ExitCode 0.\r\n[%s] terminated with exit code "+
			"(%d). Reason [Error]. Message: \n%s.", c.t.podName(), status,
			strings.ToValidUTF8(c.tail(), "\uFFFD"))}}
}

func failed(code, kind, text string) outcome {
	f := obj{"code": code, "message": text}
	if kind != "" {
		f["kind"] = kind
	}
	return outcome{phase: "FAILED", failure: f}
}

// rawPrefix is where blobs go: two letters spread them.
func (c *container) rawPrefix() string {
	prefix := str(c.t.node.run.spec, "raw_output_data_config",
		"output_location_prefix")
	if prefix == "" {
		prefix = "s3://" + bucket + "/data"
	}
	_, prefix, _ = strings.Cut(prefix, "://")
	h := fnv.New32a()
	h.Write([]byte(c.t.podName()))
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	n := h.Sum32()
	return strings.TrimSuffix(prefix, "/") + "/" +
		string([]byte{letters[n%36], letters[n/36%36]}) + "/" +
		c.t.podName()
}

func (c *container) run() outcome {
	if c.spec == nil {
		return failed("BadTaskSpecification", "SYSTEM", "no container")
	}
	if err := c.prepare(); err != nil {
		return failed("SystemError", "SYSTEM", err.Error())
	}
	defer os.RemoveAll(c.dir)
	words, err := c.words()
	if err != nil {
		return failed("BadTaskSpecification", "USER", err.Error())
	}
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return failed("SystemError", "SYSTEM", err.Error())
	}
	defer log.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p, err := c.process(words, log)
	if err != nil {
		fmt.Fprintln(log, err)
		return c.podFailure(128)
	}
	status, why := c.wait(p)
	switch {
	case why == "stopped":
		return outcome{stopped: true}
	case why == "timeout":
		o := failed("TimeoutExpired", "USER", fmt.Sprintf("task execution "+
			"timeout [%v] expired", c.timeout))
		o.phase = "ABORTED"
		return o
	case status != 0:
		return c.podFailure(status)
	}
	if len(c.variables("output")) == 0 {
		return outcome{outputs: obj{}}
	}
	outputs, err := uploader{c.g.c.store, c.rawPrefix()}.outputs(
		c.variables("output"), c.side("output"))
	if err != nil {
		return failed("OutputsNotFound", "", "Outputs not generated by "+
			"task execution")
	}
	return outcome{outputs: outputs}
}
