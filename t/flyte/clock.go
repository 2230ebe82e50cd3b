// The cluster's clock: the real one, moved or stopped by a test.
package main

import (
	"sync"
	"time"
)

type clock struct {
	mu     sync.Mutex
	shift  time.Duration
	frozen time.Time
	moved  chan struct{}
}

func newClock() *clock { return &clock{moved: make(chan struct{}, 1)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen.IsZero() {
		return c.frozen
	}
	return time.Now().Add(c.shift).UTC()
}

// set makes it t now; stopped there, or going on.
func (c *clock) set(t time.Time, frozen bool) {
	c.mu.Lock()
	c.frozen = time.Time{}
	c.shift = time.Until(t)
	if frozen {
		c.frozen = t.UTC()
	}
	c.mu.Unlock()
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

// stopped tells whether time stands still.
func (c *clock) stopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.frozen.IsZero()
}
