package campaign

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/faults/record"
)

const (
	workers = 6
	// wanderers watch from one revision after another; the last of them reads slowly.
	wanderers = 3
	// keysPerFault are used from one fault to the next, and now and then later.
	keysPerFault = 6
	// healTimeout is when a fault that is over must have no effects any more.
	healTimeout = time.Minute
	// endTimeout is for watches to get to the end.
	endTimeout = time.Minute
)

// Clients have numbers: workers from 1 on, and these.
const (
	firstFollower = 50
	firstWanderer = 60
	prober        = 90
)

// Result of a campaign.
type Result struct {
	History    *record.History
	Violations []check.Violation
	// Recording is the file that has the history.
	Recording string
}

// campaign that runs.
type campaign struct {
	options Options
	clock   clock
	system  *system
	history *record.History
	view    *view
	// prober reports whether servers work.
	prober *worker
	// from is the oldest revision that a watch may go on from.
	from int64
}

// Run runs a campaign from a first write to the last watch, and judges it. An error means that
// there is no result.
func Run(ctx context.Context, options Options) (result *Result, err error) {
	if err := checkFaults(options.Faults, options.Driver); err != nil {
		return nil, err
	}
	choice := rand.New(rand.NewPCG(uint64(options.Seed), 0))
	c := &campaign{options: options, history: &record.History{Campaign: record.Campaign{Seed: options.Seed, Driver: options.Driver, Faults: options.Faults}}}
	schedule := newSchedule(options.Faults, choice)
	fmt.Fprintf(options.Output, "seed %d on %s: %s\n", options.Seed, options.Driver, printed(schedule))
	if c.system, err = newSystem(ctx, options, choice); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.system.close()) }()
	for _, s := range c.system.servers {
		fmt.Fprintf(options.Output, "  server %d is %s\n", s.index, s.about)
	}
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	if err := c.work(ctx, schedule); err != nil {
		return nil, err
	}
	result = &Result{History: c.history, Recording: filepath.Join(options.Dir, "recording.jsonl")}
	if err := c.history.Save(result.Recording); err != nil {
		return nil, err
	}
	result.Violations = check.History(c.history)
	return result, nil
}

// begin notes where the history begins.
func (c *campaign) begin(ctx context.Context) (err error) {
	c.clock = clock{time.Now()}
	c.view = newView(0)
	if c.prober, err = c.newWorker(prober); err != nil {
		return err
	}
	listed := c.prober.listAs(ctx, 0, record.Operation{Expected: -1}, 0)
	if listed.Outcome != record.Done || len(listed.Items) > 0 {
		return fmt.Errorf("the servers do not begin well: %s", listed)
	}
	c.history.Campaign.Start, c.from = listed.Revision, listed.Revision
	c.view = newView(listed.Revision)
	c.prober.view = c.view
	return nil
}

func (c *campaign) newWorker(id int) (*worker, error) {
	made, err := newClient(id, c.system.servers)
	if err != nil {
		return nil, err
	}
	choice := rand.New(rand.NewPCG(uint64(c.options.Seed), uint64(id)))
	return &worker{client: made, clock: c.clock, history: c.history, view: c.view, choice: choice, gate: &c.system.gate}, nil
}

// work has the clients work while the schedule is gone through, and then come to their ends.
func (c *campaign) work(ctx context.Context, schedule []step) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	c.openKeys(0)
	for i := range workers {
		w, err := c.newWorker(1 + i)
		if err != nil {
			return err
		}
		running.Go(func() { w.run(working) })
	}
	for i := range wanderers {
		w, err := c.newWorker(firstWanderer + i)
		if err != nil {
			return err
		}
		running.Go(func() { (&watcher{w}).wander(working, i == wanderers-1) })
	}
	following, giveUp := context.WithCancel(ctx)
	var followers sync.WaitGroup
	defer followers.Wait()
	defer giveUp()
	var last []chan int64
	for i := range c.system.servers {
		w, err := c.newWorker(firstFollower + i)
		if err != nil {
			return err
		}
		told := make(chan int64, 1)
		last = append(last, told)
		followers.Go(func() { (&watcher{w}).follow(following, i, c.history.Campaign.Start, told) })
	}
	for i, s := range schedule {
		c.openKeys(i + 1)
		if err := c.inject(ctx, s); err != nil {
			return err
		}
	}
	pause(ctx, maxCalm)
	stop()
	running.Wait()
	return c.finish(ctx, last, &followers, giveUp)
}

// openKeys gives the clients something new to meet at.
func (c *campaign) openKeys(round int) {
	var keys []string
	for i := range keysPerFault {
		keys = append(keys, fmt.Sprintf("k%d-%d", round, i))
	}
	c.view.open(keys...)
}

// inject goes through a step: calm, fault, its end, and waiting until nothing is left of it.
func (c *campaign) inject(ctx context.Context, s step) error {
	if !pause(ctx, s.calm) {
		return ctx.Err()
	}
	if faults[s.fault].moves {
		c.reconcile(ctx)
	}
	f := record.Fault{Name: s.fault, Injected: c.clock.now()}
	damage, err := faults[s.fault].inject(ctx, c.system, rand.New(rand.NewPCG(s.seed, 0)))
	if err != nil {
		return fmt.Errorf("%s: %w", s.fault, err)
	}
	f.Detail = damage.detail
	if damage.mend != nil {
		// What was broken is mended even if there is no time left: a process that stands still
		// can't be ended well.
		held := pause(ctx, s.hold)
		if faults[s.fault].moves {
			f.Cut = c.clock.now()
		}
		if err := damage.mend(context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("end of %s: %w", s.fault, err)
		}
		if !held {
			return ctx.Err()
		}
	}
	f.Removed, f.Safe, f.Loses = c.clock.now(), damage.safe, faults[s.fault].loses
	if err := c.awaitHealed(ctx); err != nil {
		f.Failure = err.Error()
	}
	f.Healed = c.clock.now()
	if f.Safe > 0 {
		if listed := c.prober.listAs(ctx, 0, record.Operation{Expected: -1}, 0); listed.Outcome == record.Done {
			c.from = listed.Revision
		}
	}
	c.history.Faults = append(c.history.Faults, f)
	fmt.Fprintf(c.options.Output, "  %7.2fs %-24s %-30s healed after %.2fs %s\n",
		f.Injected.Seconds(), f.Name, f.Detail, (f.Healed - f.Removed).Seconds(), f.Failure)
	return ctx.Err()
}

// awaitHealed waits until every server writes and reads.
func (c *campaign) awaitHealed(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healTimeout)
	defer cancel()
	for i := range c.system.servers {
		for !c.works(ctx, i) {
			if !pause(ctx, pollInterval) {
				return fmt.Errorf("server %d does not write and read again after %s", i, healTimeout)
			}
		}
	}
	return nil
}

func (c *campaign) works(ctx context.Context, server int) bool {
	key := fmt.Sprintf("probe-%d", c.prober.written)
	return c.prober.write(ctx, server, record.Create, key, 0) == record.Done &&
		c.prober.listAs(ctx, server, record.Operation{Expected: -1}, 0).Outcome == record.Done
}

// finish makes a last write, and waits until every follower has seen it.
func (c *campaign) finish(ctx context.Context, last []chan int64, followers *sync.WaitGroup, giveUp func()) error {
	if err := c.awaitHealed(ctx); err != nil {
		now := c.clock.now()
		c.history.Faults = append(c.history.Faults, record.Fault{Name: "end", Injected: now, Removed: now, Healed: now, Failure: err.Error()})
		giveUp()
		return ctx.Err()
	}
	end := c.view.newestRevision()
	for _, told := range last {
		told <- end
	}
	late := time.AfterFunc(endTimeout, giveUp)
	defer late.Stop()
	followers.Wait()
	c.reconcile(ctx)
	return ctx.Err()
}

// reconcile makes a list and a watch from the beginning through every server: both must have all
// that was acknowledged.
func (c *campaign) reconcile(ctx context.Context) {
	final := &watcher{c.prober}
	for i := range c.system.servers {
		end := c.view.newestRevision()
		final.listAs(ctx, i, record.Operation{Expected: -1, Final: true}, 0)
		watching, cancel := context.WithTimeout(ctx, endTimeout)
		final.watch(watching, record.Watch{Server: i, From: c.from, Until: end, Final: true}, 0)
		cancel()
	}
}
