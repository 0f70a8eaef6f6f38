package index

// SetMaxCollected sets how many documents are collected by what is rarest about them.
func (x *Index) SetMaxCollected(n int) { x.options.MaxCollected = n }
