// The native scheduler: it looks for active launch plans now and then, fires
// their slots by robfig's library, and after a stop makes up every slot since
// its last snapshot.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"sort"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// How long a slot that could not be fired is tried again.
const retryFor = 27 * time.Minute

type job struct {
	plan *entity
	when cron.Schedule
	next time.Time
	last time.Time
}

type slot struct {
	plan *entity
	at   time.Time
}

type scheduler struct {
	c        *cluster
	mu       sync.Mutex
	stopped  bool
	held     bool // firing fails, as while admin is down
	jobs     map[*entity]*job
	snapshot map[*entity]time.Time
	pending  []slot
	polled   time.Time
	events   []string
	woken    chan struct{}
}

func newScheduler(c *cluster) *scheduler {
	return &scheduler{c: c, jobs: map[*entity]*job{},
		snapshot: map[*entity]time.Time{}, woken: make(chan struct{}, 1)}
}

// slotName is the execution of a slot: the same slot never runs twice.
func slotName(e *entity, at time.Time) string {
	h := fnv.New64()
	fmt.Fprintf(h, "%s:%s:%s:%s:%d", e.project, e.domain, e.name, e.version,
		at.Unix())
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], h.Sum64())
	return "f" + fmt.Sprintf("%x", b[:])[:19]
}

var rateUnits = map[string]time.Duration{
	"": time.Minute, "MINUTE": time.Minute, "HOUR": time.Hour,
	"DAY": 24 * time.Hour,
}

// firesBy is nil for what is never scheduled.
func firesBy(spec obj) cron.Schedule {
	if scheduleType(spec) == "RATE" {
		rate := sub(schedule(spec), "rate")
		n := num(rate, "value")
		if n == 0 {
			return nil
		}
		return cron.ConstantDelaySchedule{
			Delay: time.Duration(n) * rateUnits[str(rate, "unit")]}
	}
	when, err := cron.ParseStandard(cronText(spec))
	if err != nil {
		return nil
	}
	return when
}

func (s *scheduler) event(format string, args ...any) {
	s.events = append(s.events, stamp(s.c.clock.now()).(string)+" "+
		fmt.Sprintf(format, args...))
}

// active lists the launch plans that have a schedule, with the lock held for
// no longer than that.
func (s *scheduler) active() map[*entity]time.Time {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	found := map[*entity]time.Time{}
	for _, r := range s.c.shelves[launchPlans].all {
		e := r.(*entity)
		if e.active && scheduleType(e.spec) != "NONE" {
			found[e] = e.activated
		}
	}
	return found
}

// add takes a plan in; its slots count from then on.
func (s *scheduler) add(e *entity, last time.Time) {
	when := firesBy(e.spec)
	if when == nil {
		return
	}
	from := s.c.clock.now()
	if scheduleType(e.spec) == "RATE" && !last.IsZero() {
		// Its slots go on from the last one.
		for from = last; !when.Next(from).After(s.c.clock.now()); {
			from = when.Next(from)
		}
	}
	s.jobs[e] = &job{plan: e, when: when, next: when.Next(from), last: last}
	s.event("scheduled %s %s", e.name, e.version)
}

// poll notices what changed, and saves the snapshot.
func (s *scheduler) poll() {
	now := s.active()
	for e := range now {
		if s.jobs[e] == nil {
			s.add(e, time.Time{})
		}
	}
	for e, j := range s.jobs {
		if !j.last.IsZero() {
			s.snapshot[e] = j.last
		}
		if _, still := now[e]; !still {
			delete(s.jobs, e)
			s.event("descheduled %s %s", e.name, e.version)
		}
	}
	s.polled = s.c.clock.now()
}

// execution is the request that a slot makes. A rate fills no kickoff time.
func (sl slot) execution() obj {
	inputs := obj{}
	arg := str(schedule(sl.plan.spec), "kickoff_time_input_arg")
	if arg != "" && scheduleType(sl.plan.spec) == "CRON" {
		inputs[arg] = primitiveOf("datetime", stamp(sl.at))
	}
	return obj{"project": sl.plan.project, "domain": sl.plan.domain,
		"name": slotName(sl.plan, sl.at),
		"spec": obj{"launch_plan": sl.plan.id(),
			"metadata": obj{"mode": "SCHEDULED",
				"scheduled_at": stamp(sl.at)}},
		"inputs": obj{"literals": inputs}}
}

// fire is true when nothing is left to do for the slot.
func (s *scheduler) fire(sl slot) bool {
	if s.held {
		return false
	}
	s.c.mu.Lock()
	_, err := createExecution(s.c, sl.execution())
	s.c.mu.Unlock()
	if err == nil || status.Code(err) == codes.AlreadyExists {
		return true
	}
	s.event("%s %s at %s: %s", sl.plan.name, sl.plan.version,
		stamp(sl.at), message(err))
	return false
}

func (s *scheduler) try(sl slot) {
	if !s.fire(sl) {
		s.pending = append(s.pending, sl)
	}
}

// due fires what is due, the oldest first.
func (s *scheduler) due() {
	now := s.c.clock.now()
	waiting := s.pending
	s.pending = nil
	for _, sl := range waiting {
		if now.Sub(sl.at) < retryFor {
			s.try(sl)
		}
	}
	var slots []slot
	for e, j := range s.jobs {
		for !j.next.IsZero() && !j.next.After(now) {
			slots = append(slots, slot{e, j.next})
			j.last = j.next
			j.next = j.when.Next(j.next)
		}
	}
	sort.Slice(slots, func(a, b int) bool {
		return slots[a].at.Before(slots[b].at)
	})
	for _, sl := range slots {
		s.try(sl)
	}
}

// next instant at which there is something to do.
func (s *scheduler) next() time.Time {
	t := s.polled.Add(s.c.settings.poll)
	for _, j := range s.jobs {
		if !j.next.IsZero() && j.next.Before(t) {
			t = j.next
		}
	}
	return t
}

func (s *scheduler) step() {
	if s.stopped {
		return
	}
	s.due()
	now := s.c.clock.now()
	if !now.Before(s.polled.Add(s.c.settings.poll)) || now.Before(s.polled) {
		s.poll()
	}
}

// advance moves a stopped clock on, by way of all that happens until then.
func (s *scheduler) advance(to time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.c.settings.poll > 0 && !s.stopped {
		t := s.next()
		if !t.Before(to) {
			break
		}
		if t.After(s.c.clock.now()) {
			s.c.clock.set(t, true)
		}
		s.step()
	}
	s.c.clock.set(to, true)
	if s.c.settings.poll > 0 {
		s.step()
	}
}

// restart makes up every slot from the snapshot or the activation on.
func (s *scheduler) restart() {
	s.stopped = false
	s.jobs = map[*entity]*job{}
	now := s.c.clock.now()
	for e, activated := range s.active() {
		last := s.snapshot[e]
		from := last
		if activated.After(from) {
			from = activated
		}
		when := firesBy(e.spec)
		if when == nil {
			continue
		}
		for t := when.Next(from); !t.IsZero() && !t.After(now); t = when.Next(t) {
			s.try(slot{e, t})
			last = t
		}
		s.add(e, last)
	}
	s.polled = now
}

// loop goes on until the program ends.
func (s *scheduler) loop() {
	s.mu.Lock()
	s.poll()
	s.mu.Unlock()
	for {
		s.mu.Lock()
		pause := s.next().Sub(s.c.clock.now())
		if s.stopped || s.c.clock.stopped() {
			pause = time.Hour
		} else if len(s.pending) > 0 {
			pause = min(pause, time.Second)
		}
		s.mu.Unlock()
		select {
		case <-time.After(max(pause, time.Millisecond)):
		case <-s.woken:
		}
		s.mu.Lock()
		s.step()
		s.mu.Unlock()
	}
}

func (s *scheduler) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// test takes {"action": poll, stop, start, hold or release}.
func (s *scheduler) test(method string, body []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var q struct {
		Action string `json:"action"`
	}
	if method == "POST" {
		if err := json.Unmarshal(body, &q); err != nil {
			return nil, err
		}
	}
	switch q.Action {
	case "":
	case "poll":
		s.due()
		s.poll()
	case "stop":
		s.stopped = true
	case "start":
		s.restart()
	case "hold":
		s.held = true
	case "release":
		s.held = false
		s.due()
	default:
		return nil, fmt.Errorf("no action '%s'", q.Action)
	}
	s.wake()
	return obj{"stopped": s.stopped, "jobs": len(s.jobs),
		"pending": len(s.pending), "events": s.events}, nil
}
