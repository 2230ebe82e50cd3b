// What robfig/cron itself answers: `oracle utc`, `oracle zones ZONE...`, and
// how long it takes (`oracle bench EXPRESSION`, as bench/cron.c does). Each
// line is the digest of the answers to one block of random questions, or with
// -v before the mode one question and its answer. t/helper/oracle.c asks the
// same questions of lib/schedule; t/3010-robfig.t compares.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	utcBlocks    = 100
	zoneBlocks   = 10
	utcExprs     = 200
	zoneExprs    = 20
	instants     = 8
	chain        = 3
	utcFirst     = 946684800  // 2000-01-01
	utcLast      = 3786912000 // 2090-01-01
	zoneFirst    = 1104537600 // 2005-01-01
	zoneLast     = 2240524800 // 2041-01-01
	seed         = 20260101
	fnvOffset    = 0xcbf29ce484222325
	fnvPrime     = 0x100000001b3
	nearSeconds  = 36 * 3600
	descriptorIn = 40
)

// splitmix64: the same numbers as t/unit/randomcron.h gives.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

func (r *random) between(min, max int) int { return min + r.below(max-min+1) }

type field struct {
	min, max int
	names    []string
}

var fields = []field{
	{0, 59, nil},
	{0, 23, nil},
	{1, 31, nil},
	{1, 12, strings.Split("jan feb mar apr may jun jul aug sep oct nov dec", " ")},
	{0, 6, strings.Split("SUN MON TUE WED THU FRI SAT", " ")},
}

var descriptors = []string{"@hourly", "@daily", "@midnight", "@weekly",
	"@monthly", "@yearly", "@annually"}

func (r *random) value(f field, n int) string {
	if f.names != nil && r.below(3) == 0 {
		return f.names[n-f.min]
	}
	return strconv.Itoa(n)
}

func (r *random) span(f field) string {
	low := r.between(f.min, f.max)
	high := r.between(low, f.max)
	text := r.value(f, low)
	return text + "-" + r.value(f, high)
}

func (r *random) item(f field) string {
	if r.below(3) == 0 {
		return r.span(f)
	}
	return r.value(f, r.between(f.min, f.max))
}

func (r *random) field(f field) string {
	var text string
	switch r.below(12) {
	case 0, 1, 2, 3:
		return "*"
	case 4, 5:
		return r.value(f, r.between(f.min, f.max))
	case 6:
		return r.span(f)
	case 7:
		return "*/" + strconv.Itoa(r.between(1, f.max))
	case 8:
		text = r.span(f)
		return text + "/" + strconv.Itoa(r.between(1, f.max))
	case 9:
		text = r.value(f, r.between(f.min, f.max))
		return text + "/" + strconv.Itoa(r.between(1, f.max))
	case 10:
		text = r.item(f)
		for n := r.between(1, 3); n > 0; n-- {
			text += "," + r.item(f)
		}
		return text
	}
	return "?"
}

func (r *random) expression() string {
	if r.below(descriptorIn) == 0 {
		return descriptors[r.below(len(descriptors))]
	}
	var text []string
	for _, f := range fields {
		text = append(text, r.field(f))
	}
	return strings.Join(text, " ")
}

type oracle struct {
	out     *bufio.Writer
	verbose bool
	hash    uint64
	r       random
}

func (o *oracle) answer(schedule cron.Schedule, expr string, loc *time.Location, after int64) {
	for i := 0; i < chain; i++ {
		text := "never"
		next := schedule.Next(time.Unix(after, 0).In(loc))
		if !next.IsZero() {
			text = strconv.FormatInt(next.Unix(), 10)
		}
		if o.verbose {
			fmt.Fprintf(o.out, "%s | %d | %s\n", expr, after, text)
		}
		for j := 0; j < len(text); j++ {
			o.hash = (o.hash ^ uint64(text[j])) * fnvPrime
		}
		if next.IsZero() {
			return
		}
		after = next.Unix()
	}
}

func (o *oracle) instant(first, last int64) int64 {
	return first + int64(o.r.next()%uint64(last-first))
}

// About the next change of the offset, where there is one within a year.
func (o *oracle) near(loc *time.Location, t int64) int64 {
	back := int64(o.r.below(nearSeconds))
	_, offset := time.Unix(t, 0).In(loc).Zone()
	for day := int64(1); day < 366; day++ {
		later := t + day*86400
		if _, other := time.Unix(later, 0).In(loc).Zone(); other != offset {
			return later - back
		}
	}
	return t
}

func (o *oracle) block(name string, utc bool, loc *time.Location, n int, first, last int64) {
	o.hash = fnvOffset
	for i := 0; i < n; i++ {
		expr := o.r.expression()
		schedule, err := cron.ParseStandard("CRON_TZ=" + loc.String() + " " + expr)
		if err != nil {
			fmt.Fprintln(os.Stderr, expr, err)
			os.Exit(1)
		}
		for j := 0; j < instants; j++ {
			t := o.instant(first, last)
			o.answer(schedule, expr, loc, t)
			if !utc {
				o.answer(schedule, expr, loc, o.near(loc, t))
			}
		}
	}
	if !o.verbose {
		fmt.Fprintf(o.out, "%s %016x\n", name, o.hash)
	}
}

// Nanoseconds for one next time, the best of some rounds.
func bench(expr string) float64 {
	schedule, err := cron.ParseStandard("CRON_TZ=UTC " + expr)
	if err != nil {
		fmt.Fprintln(os.Stderr, expr, err)
		os.Exit(1)
	}
	first := time.Unix(1767225600, 0).UTC()
	last := time.Unix(utcLast, 0).UTC()
	t, best := first, 1e18
	for round := 0; round < 21; round++ {
		start := time.Now()
		for i := 0; i < 2000; i++ {
			if t = schedule.Next(t); t.After(last) {
				t = first
			}
		}
		if took := float64(time.Since(start).Nanoseconds()) / 2000; took < best {
			best = took
		}
	}
	return best
}

func main() {
	args := os.Args[1:]
	o := oracle{out: bufio.NewWriter(os.Stdout), r: random{seed}}
	defer o.out.Flush()
	if len(args) > 0 && args[0] == "-v" {
		o.verbose = true
		args = args[1:]
	}
	if len(args) == 2 && args[0] == "bench" {
		fmt.Fprintf(o.out, "%.1f\n", bench(args[1]))
		return
	}
	if len(args) == 1 && args[0] == "utc" {
		for i := 0; i < utcBlocks; i++ {
			o.block(fmt.Sprintf("utc %d", i), true, time.UTC, utcExprs, utcFirst, utcLast)
		}
		return
	}
	for _, name := range args[1:] {
		loc, err := time.LoadLocation(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for i := 0; i < zoneBlocks; i++ {
			o.block(fmt.Sprintf("%s %d", name, i), false, loc, zoneExprs, zoneFirst, zoneLast)
		}
	}
}
