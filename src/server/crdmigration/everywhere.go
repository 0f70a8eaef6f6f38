package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// everywhereTimeout is how long all kube-apiservers may take to hear of a change.
	everywhereTimeout = 2 * time.Minute
	// freezeTimeout is how long they may take to hear that writes are refused: nobody can write
	// meanwhile.
	freezeTimeout = time.Minute
	probeInterval = 100 * time.Millisecond
	// sayAfter is when whoever started the command wants to know what it waits for.
	sayAfter = 2 * time.Second
	// probesThrough is how many answers in a row count as those of all kube-apiservers that can't
	// be told apart, each over a connection of its own.
	probesThrough = 50
)

// probe asks whether something holds at the kube-apiserver that a cluster is reached by.
type probe func(context.Context, *cluster) (bool, error)

// everywhere waits until check holds at every kube-apiserver. Without a deadline it gives up after
// some minutes.
func (c *cluster) everywhere(ctx context.Context, what string, check probe) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, everywhereTimeout)
		defer cancel()
	}
	if err := c.findAPIServers(ctx); err != nil {
		return err
	}
	group, each := errgroup.WithContext(ctx)
	for _, s := range c.apiservers {
		group.Go(func() error {
			return c.poll(each, "kube-apiserver "+s.address, what, func(ctx context.Context) (bool, error) {
				if s.direct == nil && !s.hidden {
					if err := c.reach(ctx, s); err != nil {
						return false, err
					}
				}
				if s.hidden {
					return true, nil
				}
				return c.ask(ctx, s.direct, check)
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return c.through(ctx, what, check)
}

// through waits until check holds at the kube-apiservers that only a load balancer leads to: until
// each has been met or, where they don't say who they are, often enough.
func (c *cluster) through(ctx context.Context, what string, check probe) error {
	missing := make(map[string]bool)
	for _, s := range c.apiservers {
		if s.hidden {
			missing[s.address] = true
		}
	}
	if len(missing) == 0 && !c.uncounted {
		return nil
	}
	before, err := c.leases(ctx)
	if err != nil {
		return err
	}
	held, named := 0, false
	who := "all kube-apiservers"
	if len(missing) > 0 {
		who += " behind " + c.config.Host
	}
	err = c.poll(ctx, who, what, func(ctx context.Context) (bool, error) {
		address, holds, err := c.meet(ctx, check)
		if !holds {
			held = 0
			return false, err
		}
		held++
		if slices.ContainsFunc(c.apiservers, func(s *apiserver) bool { return s.address == address }) {
			named = true
			delete(missing, address)
		}
		switch {
		case named && len(missing) > 0:
			return false, errors.New("not met yet: " + strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
		case named && !c.uncounted:
			return true, nil
		case held < probesThrough:
			return false, nil
		}
		// Who hangs does not renew its Lease.
		now, err := c.leases(ctx)
		return renewed(before, now), err
	})
	return err
}

// meet asks one of the kube-apiservers that a load balancer leads to, and says which it was, if
// that is sure.
func (c *cluster) meet(ctx context.Context, check probe) (address string, holds bool, err error) {
	server, err := c.anew()
	if err != nil {
		return "", false, err
	}
	defer server.close()
	if address, err = server.self(ctx); err != nil {
		return "", false, err
	}
	if holds, err = c.ask(ctx, server, check); !holds || err != nil {
		return "", false, err
	}
	again, err := server.self(ctx)
	if err != nil || again != address {
		return "", false, err
	}
	return address, true, nil
}

// renewed reports whether all Leases that are still there have been renewed.
func renewed(before, now []coordinationv1.Lease) bool {
	for _, lease := range now {
		if slices.ContainsFunc(before, func(b coordinationv1.Lease) bool {
			return b.UID == lease.UID && b.Spec.RenewTime.Equal(lease.Spec.RenewTime)
		}) {
			return false
		}
	}
	return true
}

// stay returns once check has held at every kube-apiserver for a while, in which each answered all
// along: one that was stopped has not gone on with the writes that it had let in.
func (c *cluster) stay(ctx context.Context, while time.Duration, what string, check probe) error {
	for since := time.Now(); time.Since(since) < while; {
		c.hung.Store(false)
		if err := pause(ctx, probeInterval); err != nil {
			return err
		}
		if err := c.everywhere(ctx, what, check); err != nil {
			return err
		}
		if c.hung.Load() {
			since = time.Now()
		}
	}
	return nil
}

// ask notes if the answer takes so long that the kube-apiserver may have been stopped meanwhile.
func (c *cluster) ask(ctx context.Context, server *cluster, check probe) (bool, error) {
	begun := time.Now()
	holds, err := check(ctx, server)
	if !holds || time.Since(begun) > inFlight {
		c.hung.Store(true)
	}
	return holds, err
}

// repeated waits until check holds so many times in a row, over new connections.
func (c *cluster) repeated(ctx context.Context, times int, who, what string, check probe) error {
	ctx, cancel := context.WithTimeout(ctx, everywhereTimeout)
	defer cancel()
	held := 0
	return c.poll(ctx, who, what, func(ctx context.Context) (bool, error) {
		server, err := c.anew()
		if err != nil {
			return false, err
		}
		defer server.close()
		holds, err := check(ctx, server)
		if held++; !holds {
			held = 0
		}
		return held >= times, err
	})
}

// because ends a sentence, with a reason if there is one.
func because(err error) string {
	if err == nil {
		return "."
	}
	return ": " + err.Error()
}

// poll waits until condition holds, whatever errors there are before, and says so if that takes
// long.
func (c *cluster) poll(ctx context.Context, who, what string, condition func(context.Context) (bool, error)) error {
	var last error
	begun, said := time.Now(), false
	err := wait.PollUntilContextCancel(ctx, probeInterval, true, func(ctx context.Context) (bool, error) {
		holds, err := condition(ctx)
		if err != nil && ctx.Err() == nil {
			last = err
		}
		if !holds && !said && time.Since(begun) > sayAfter {
			said = true
			fmt.Fprintf(c.out, "Waiting for %s to %s%s\n", who, what, because(last))
		}
		return holds, nil
	})
	switch {
	case err == nil:
		return nil
	case !errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return errors.Join(context.Cause(ctx), last)
	case last == nil:
		return fmt.Errorf("waited %s for %s to %s", time.Since(begun).Round(time.Second), who, what)
	}
	return fmt.Errorf("waited %s for %s to %s: %w", time.Since(begun).Round(time.Second), who, what, last)
}
