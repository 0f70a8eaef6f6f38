package index

// SetMaxCollected sets how many documents are collected by what is rarest about them.
func (x *Index) SetMaxCollected(n int) { x.options.MaxCollected = n }

// SetDiskReserve sets how many bytes are left free on the disk.
func (x *Index) SetDiskReserve(bytes int64) { x.reserve.Store(bytes) }

// SetLargestGroups sets how large groups are that are looked for among all documents.
func (x *Index) SetLargestGroups(n int) { x.largestGroups = n }
