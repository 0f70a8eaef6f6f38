package postgresql

import (
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// columns are the writes of a batch, as apply_batch takes them.
type columns struct {
	keys         []string
	expectations []int64
	deletions    []bool
	// A value is in one of documents and binaries; nil is SQL's null.
	documents [][]byte
	binaries  [][]byte
	sizes     []int32
	labels    [][]byte
	fields    [][]byte
	expiries  []*time.Time
	checksums []*int64
}

func newColumns(batch []driver.Write, asBinary bool) columns {
	n := len(batch)
	c := columns{
		keys:         make([]string, n),
		expectations: make([]int64, n),
		deletions:    make([]bool, n),
		documents:    make([][]byte, n),
		binaries:     make([][]byte, n),
		sizes:        make([]int32, n),
		labels:       make([][]byte, n),
		fields:       make([][]byte, n),
		expiries:     make([]*time.Time, n),
		checksums:    make([]*int64, n),
	}
	for i, write := range batch {
		c.keys[i], c.expectations[i], c.deletions[i] = write.Key, write.Expected, write.Delete
		if write.Delete {
			continue
		}
		switch {
		case !asBinary && isDocument(write.Value):
			c.documents[i] = write.Value
		case write.Value == nil:
			c.binaries[i] = []byte{}
		default:
			c.binaries[i] = write.Value
		}
		c.sizes[i] = int32(len(write.Value))
		c.checksums[i] = new(int64(driver.NewChecksum(write.Key, write.Value)))
		c.labels[i], c.fields[i] = write.Encode(isText)
		if !write.ExpiresAt.IsZero() {
			c.expiries[i] = &write.ExpiresAt
		}
	}
	return c
}
