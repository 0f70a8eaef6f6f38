package driver

import (
	"fmt"
	"hash/crc32"
)

// Checksum reports whether a value is what was written to its key. The zero value is none, and fits
// everything.
type Checksum int64

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// NewChecksum is the CRC-32C of key, a zero byte and value, with another bit so that it is never
// zero.
func NewChecksum(key string, value []byte) Checksum {
	sum := crc32.Update(0, castagnoli, append([]byte(key), 0))
	return 1<<32 | Checksum(crc32.Update(sum, castagnoli, value))
}

// Check fails if a value is not what was written.
func (c Checksum) Check(key string, value []byte) error {
	if found := NewChecksum(key, value); c != 0 && c != found {
		return fmt.Errorf("its checksum is %#x, but that of what was written %#x: the database or its disk has damaged it", found, c)
	}
	return nil
}
