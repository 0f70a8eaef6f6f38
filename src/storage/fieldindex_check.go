package storage

import (
	"context"
	"errors"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
)

const (
	defaultCheckEvery = time.Minute
	// checkedPlaces is at how many places an index is checked at a time.
	checkedPlaces = 10
	// neighbours are looked at together: who is chosen is in the index, those that follow in the
	// database need not be.
	neighbours = 2
)

// Outcomes of checks.
const (
	checkOK    = "ok"
	checkWrong = "wrong"
)

// check looks for some objects by what they are. An index that does not find them is wrong, which
// nobody would notice by what is missing in lists.
func (i *fieldIndex) check(ctx context.Context, x *index.Index) error {
	turn, err := i.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer turn.End()
	view, err := x.View(ctx)
	if err != nil || view == nil || view.Revision == 0 {
		return err
	}
	defer view.Close()
	for range checkedPlaces {
		key, err := view.RandomKey(ctx)
		if err != nil {
			return err
		}
		var page driver.Page
		err = turn.Read(ctx, func(ctx context.Context) (err error) {
			page, err = i.store.engine.backend.List(ctx, driver.ListQuery{Prefix: i.store.resource.Prefix, Start: key, Revision: view.Revision, Limit: neighbours})
			return err
		})
		if err != nil {
			return nil // That it can't be read is not the index's fault.
		}
		for _, r := range page.Records {
			obj, err := i.store.decodeStored(ctx, r.Key, r.Value, r.Checksum, false, r.Revision)
			err = view.Check(ctx, i.entry(r.Key, obj, err))
			if err == nil {
				continue
			}
			if errors.Is(err, index.ErrWrong) {
				i.store.engine.metrics.indexChecks.With(i.labelsWith(checkWrong)).Inc()
			}
			return err
		}
	}
	i.store.engine.metrics.indexChecks.With(i.labelsWith(checkOK)).Inc()
	return nil
}
