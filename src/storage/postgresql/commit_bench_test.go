package postgresql

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func BenchmarkCommit(b *testing.B) {
	storagetest.BenchmarkCommit(b, func() driver.Backend { return open(b, postgrestest.Shared(b).NewDatabase(b)) })
}
