package postgresql

import (
	"encoding/json"
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
		c.labels[i], c.fields[i] = encodeLabels(write.Labels), encodeFields(write.Fields)
		if !write.ExpiresAt.IsZero() {
			c.expiries[i] = &write.ExpiresAt
		}
	}
	return c
}

// encodeLabels is nil, which means unknown, if jsonb can't hold the labels. It can hold all that are valid.
func encodeLabels(labels map[string]string) []byte {
	for key, value := range labels {
		if !isText(key) || !isText(value) {
			return nil
		}
	}
	return encodeMap(labels)
}

// encodeFields leaves out, which means unknown, the fields that jsonb can't hold.
func encodeFields(fields map[string]string) []byte {
	storable := make(map[string]string, len(fields))
	for path, value := range fields {
		if isText(path) && isText(value) {
			storable[path] = value
		}
	}
	return encodeMap(storable)
}

func encodeMap(attributes map[string]string) []byte {
	if len(attributes) == 0 {
		return []byte("{}")
	}
	encoded, err := json.Marshal(attributes)
	if err != nil {
		panic(err) // Strings always encode.
	}
	return encoded
}
