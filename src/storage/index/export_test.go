package index

// SetMaxCollected sets how many documents are collected by what is rarest about them.
func (x *Index) SetMaxCollected(n int) { x.options.MaxCollected = n }

// SetDiskReserve sets how many bytes are left free on the disk.
func (x *Index) SetDiskReserve(bytes int64) { x.reserve.Store(bytes) }
