package mysql

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

func BenchmarkCommit(b *testing.B) {
	storagetest.BenchmarkCommit(b, func() driver.Backend { return open(b, mysqltest.Shared(b).NewDatabase(b)) })
}
