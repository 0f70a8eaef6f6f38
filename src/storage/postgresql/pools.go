package postgresql

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"ark.ai/apiserver/src/storage"
)

// Pools implements storage.Backend. The connection that listens belongs to none.
func (b *Backend) Pools() []storage.Pool {
	return []storage.Pool{pool("write", b.writer), pool("read", b.reader)}
}

func pool(name string, connections *pgxpool.Pool) storage.Pool {
	stat := connections.Stat()
	return storage.Pool{
		Name:  name,
		InUse: int(stat.AcquiredConns()),
		Idle:  int(stat.IdleConns()),
		Max:   int(stat.MaxConns()),
		// Those who gave up have waited too, though it is not known for how long.
		Waits:  stat.EmptyAcquireCount() + stat.CanceledAcquireCount(),
		Waited: stat.EmptyAcquireWaitTime(),
	}
}
