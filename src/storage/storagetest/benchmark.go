package storagetest

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// BenchmarkCommit measures durable writes per second of 2-KB values, half of which compresses well,
// by the size of the batch: updates of a few thousand keys in no order. open opens an empty
// database.
func BenchmarkCommit(b *testing.B, open func() driver.Backend) {
	for _, size := range []int{1, 8, 32, 128} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			backend := open()
			const keys = 5000
			random := rand.NewChaCha8([32]byte{})
			var values [64][]byte
			for i := range values {
				noise := make([]byte, 480)
				random.Read(noise)
				values[i] = fmt.Appendf(nil, `{"kind":"Agent","spec":{"prompt":"%s","noise":"%s"}}`,
					strings.Repeat("the quick brown fox ", 48), hex.EncodeToString(noise))
			}
			var revisions [keys]int64
			writes := 0
			for b.Loop() {
				batch := make([]driver.Write, size)
				for i := range batch {
					at := writes * 7919 % keys
					batch[i] = driver.Write{
						Key: fmt.Sprintf("/ark.ai/agents/default/agent-%d", at), Expected: revisions[at], Value: values[writes%len(values)],
						Attributes: driver.Attributes{
							Labels: map[string]string{"app": "bench", "team": "blue"},
							Fields: map[string]string{"metadata.name": "agent", "metadata.namespace": "default"},
						},
					}
					writes++
				}
				got, err := backend.Commit(b.Context(), batch)
				if err != nil {
					b.Fatal(err)
				}
				for i, revision := range got {
					if revision == 0 {
						b.Fatalf("%s conflicted", batch[i].Key)
					}
					revisions[(writes-size+i)*7919%keys] = revision
				}
			}
			b.ReportMetric(float64(writes)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
