package postgresql

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"k8s.io/klog/v2"
)

const (
	// minBackoff and maxBackoff are the pauses between attempts to connect.
	minBackoff = 100 * time.Millisecond
	maxBackoff = 15 * time.Second
	// selfTestTimeout is how long a notification of our own may take until we believe that none
	// arrive.
	selfTestTimeout = 5 * time.Second
	// selfTestPause is when we look again whether notifications arrive after all.
	selfTestPause = 10 * time.Minute
	// aliveInterval is how long silence is trusted before the connection is tried.
	aliveInterval = 30 * time.Second
)

// errNoNotifications means that the connection works but notifications do not arrive.
var errNoNotifications = errors.New("notifications do not arrive")

// Listen implements driver.Backend: it wakes for every notification but those of this process's own
// commits. A notification carries nothing: the log is the truth.
func (b *Backend) Listen(ctx context.Context, wake func()) {
	// Notifications that arrive while wake runs become one call.
	news := make(chan struct{}, 1)
	signal := func() {
		select {
		case news <- struct{}{}:
		default:
		}
	}
	var waker sync.WaitGroup
	defer waker.Wait()
	waker.Go(func() {
		for {
			select {
			case <-news:
			case <-b.doubt:
			case <-ctx.Done():
				return
			}
			b.news.Store(true)
			wake()
		}
	})

	backoff := minBackoff
	for ctx.Err() == nil {
		worked, err := b.listen(ctx, signal)
		if ctx.Err() != nil {
			return
		}
		if worked {
			backoff = minBackoff
		}
		pause := backoff/2 + rand.N(backoff)
		if errors.Is(err, errNoNotifications) {
			pause = selfTestPause
			klog.ErrorS(nil, "PostgreSQL's notifications do not arrive, as behind pgbouncer in transaction mode: other processes' commits are found by polling", "retryAfter", pause)
		} else {
			// The first failure says it all; pgx's errors have several lines.
			level := klog.Level(2)
			if backoff == minBackoff {
				level = 0
			}
			klog.V(level).InfoS("No connection to listen to PostgreSQL's notifications: other processes' commits are found by polling until it is back",
				"retryAfter", pause, "err", strings.Join(strings.Fields(err.Error()), " "))
		}
		backoff = min(2*backoff, maxBackoff)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// listen is one connection's life. It returns whether notifications arrived, and why it ended.
func (b *Backend) listen(ctx context.Context, signal func()) (worked bool, err error) {
	config := b.writer.Config().ConnConfig
	// No prepared statements: the connection runs few.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
		defer cancel()
		conn.Close(ctx)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+quoted(b.channel)); err != nil {
		return false, fmt.Errorf("listen: %w", err)
	}
	// Whatever was committed before is news.
	signal()
	if err := b.selfTest(ctx, conn, signal); err != nil {
		return false, err
	}
	klog.V(2).InfoS("Listening to PostgreSQL's notifications", "channel", b.channel)
	for {
		notification, err := waitFor(ctx, conn, aliveInterval)
		switch {
		case err == nil:
			b.heed(notification, signal)
		case ctx.Err() != nil || conn.IsClosed():
			return true, err
		default:
			// Silence. A connection that a firewall forgot stays silent for ever.
			ping, cancel := context.WithTimeout(ctx, selfTestTimeout)
			err := conn.Ping(ping)
			cancel()
			if err != nil {
				return true, fmt.Errorf("silent connection: %w", err)
			}
		}
	}
}

// selfTest notifies ourselves from another connection: behind a proxy that lends connections per
// transaction, LISTEN succeeds but nothing ever arrives.
func (b *Backend) selfTest(ctx context.Context, conn *pgx.Conn, signal func()) error {
	token := fmt.Sprintf("%016x", rand.Uint64())
	if _, err := b.reader.Exec(ctx, sqlNotify, pgx.QueryExecModeExec, b.channel, token); err != nil {
		return fmt.Errorf("notify ourselves: %w", err)
	}
	for deadline := time.Now().Add(selfTestTimeout); ; {
		notification, err := waitFor(ctx, conn, time.Until(deadline))
		if err != nil {
			if ctx.Err() == nil && !conn.IsClosed() {
				return errNoNotifications
			}
			return err
		}
		if notification.Payload == token {
			return nil
		}
		b.heed(notification, signal)
	}
}

// heed passes on what this process did not commit itself.
func (b *Backend) heed(notification *pgconn.Notification, signal func()) {
	if _, own := b.own.Load(notification.PID); !own {
		signal()
	}
}

func waitFor(ctx context.Context, conn *pgx.Conn, timeout time.Duration) (*pgconn.Notification, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return conn.WaitForNotification(ctx)
}
