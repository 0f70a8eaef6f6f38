package postgresql

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// tellsNothing are the conditions under which a server keeps its replication to itself, as some
// that are managed do.
var tellsNothing = []string{insufficientPrivilege, undefinedFunction, undefinedTable, featureNotSupported, notInPrerequisiteState}

// Replication implements driver.Backend.
func (b *Backend) Replication(ctx context.Context) (found driver.Replication, err error) {
	if found.Replicas, err = b.peers(ctx, sqlReplicas, scanReplica); err == nil {
		found.Sources, err = b.peers(ctx, sqlSource, scanSource)
	}
	if code := codeOf(err); slices.Contains(tellsNothing, code) {
		return driver.Replication{Hidden: []string{fmt.Sprintf("the server does not tell of replication (SQLSTATE %s)", code)}}, nil
	}
	if slices.ContainsFunc(slices.Concat(found.Replicas, found.Sources), func(p driver.Peer) bool { return p.State == "" }) {
		user := b.reader.Config().ConnConfig.User
		found.Hidden = append(found.Hidden, fmt.Sprintf("what is missing here is not shown to user %q: GRANT pg_read_all_stats TO %s", user, quoted(user)))
	}
	return found, translate("look for replicas", err)
}

func (b *Backend) peers(ctx context.Context, sql string, scan pgx.RowToFunc[driver.Peer]) (peers []driver.Peer, err error) {
	err = b.retry(ctx, func() error {
		rows, err := b.reader.Query(ctx, sql)
		if err == nil {
			peers, err = pgx.CollectRows(rows, scan)
		}
		return err
	})
	return peers, err
}

func scanReplica(row pgx.CollectableRow) (p driver.Peer, err error) {
	err = row.Scan(&p.Name, &p.Address, &p.State, &p.Sync, &p.LagBytes, &p.LagSeconds)
	return p, err
}

func scanSource(row pgx.CollectableRow) (p driver.Peer, err error) {
	err = row.Scan(&p.Address, &p.State, &p.LagBytes, &p.LagSeconds)
	return p, err
}
