package postgresql

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"ark.ai/apiserver/src/storage/driver"
)

// Pools implements driver.Backend. The connection that listens belongs to none.
func (b *Backend) Pools() []driver.Pool {
	return []driver.Pool{pool("write", b.writer), pool("read", b.reader)}
}

func pool(name string, connections *pgxpool.Pool) driver.Pool {
	stat := connections.Stat()
	return driver.Pool{
		Name:  name,
		InUse: int(stat.AcquiredConns()),
		Idle:  int(stat.IdleConns()),
		Max:   int(stat.MaxConns()),
		// Those who gave up have waited too, though it is not known for how long.
		Waits:  stat.EmptyAcquireCount() + stat.CanceledAcquireCount(),
		Waited: stat.EmptyAcquireWaitTime(),
	}
}
