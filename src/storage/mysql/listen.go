package mysql

import (
	"context"
	"database/sql"
	"time"

	"k8s.io/klog/v2"
)

const (
	// quickInterval is how often the end of the log is looked at while other processes are there.
	quickInterval = 25 * time.Millisecond
	// slowInterval is how often it is looked whether others are there.
	slowInterval = time.Second
	// beatInterval is how often a process says that it is there; it counts as gone when absence has
	// passed.
	beatInterval = 5 * time.Second
	absence      = 3 * beatInterval
	// lookTimeout is how long a look may take until the connection is given up.
	lookTimeout = 5 * time.Second
)

// Listen implements driver.Backend: it looks at the end of the log, and wakes if it has other
// commits than those of this process. Who only reads does not: to look often is for those who say
// that they are there.
func (b *Backend) Listen(ctx context.Context, wake func()) {
	if b.readOnly {
		return
	}
	failing := true // Whatever was committed before is news.
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		news, others, err := b.look(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := slowInterval
		switch {
		case err != nil:
			if !failing {
				klog.InfoS("Can't look for other processes' commits: they are found by polling until that works again", "err", oneLine(err))
			}
		case news || failing:
			wake()
		}
		failing = err != nil
		if others {
			pause = quickInterval
		}
		timer.Reset(pause)
	}
}

// look reports whether there are commits of other processes, and whether others are there.
func (b *Backend) look(ctx context.Context) (news, others bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	m := &message{}
	if b.process.shouldBeat(time.Now()) {
		m.add(sqlBeat+"; ", b.process.id[:])
	}
	m.add(sqlLook, b.process.id[:], absence.Microseconds())
	before := b.process.newestKnown()
	conn, err := b.looker.Conn(ctx)
	if err != nil {
		return false, false, err
	}
	var newest sql.NullInt64
	err = m.query(ctx, conn, func(row *sql.Rows) error { return row.Scan(&newest, &others) })
	release(conn, err)
	if err != nil {
		return false, false, err
	}
	return b.process.isNews(newest.Int64, before), others, nil
}
