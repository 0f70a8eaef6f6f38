package transfer

import "ark.ai/apiserver/src/storage/driver"

const (
	// A page that is read, and a batch that is written, have no more rows than that.
	maxPage  = 512
	maxBatch = 256
	// From so many bytes of a page on, the next one has no more rows, or fewer.
	enough, tooMuch = 2 << 20, 8 << 20
	// batchBytes fits into a message of any database.
	batchBytes = 2 << 20
)

// pageSize is how many rows are read at a time: values may be large. The zero value begins small.
type pageSize struct{ limit int }

func (p *pageSize) rows() int { return max(p.limit, 16) }

// learn adapts the size to what a page had.
func (p *pageSize) learn(rows []driver.Row) {
	switch bytes := bytesOf(rows); {
	case bytes > tooMuch:
		p.limit = max(p.rows()/4, 1)
	case bytes < enough && len(rows) >= p.rows():
		p.limit = min(2*p.rows(), maxPage)
	}
}

func bytesOf(rows []driver.Row) (bytes int64) {
	for i := range rows {
		bytes += int64(len(rows[i].Value))
	}
	return bytes
}

// batches are rows in portions that can be written at once.
func batches(rows []driver.Row) (all [][]driver.Row) {
	begin, bytes := 0, 0
	for i := range rows {
		if i > begin && (i-begin == maxBatch || bytes+len(rows[i].Value) > batchBytes) {
			all = append(all, rows[begin:i])
			begin, bytes = i, 0
		}
		bytes += len(rows[i].Value)
	}
	if begin < len(rows) {
		all = append(all, rows[begin:])
	}
	return all
}
