package storage

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"

	"ark.ai/apiserver/src/storage/driver"
)

// notKept is the ID in place of that of a key if labels and fields of encrypted records are not
// kept at all.
const notKept = "-"

// hider hides what selectors ask about encrypted objects of one resource: nobody can tell the
// labels and fields of records, only which of them are equal. Without a key nothing is kept.
type hider struct {
	key      []byte
	id       string
	resource string
}

func newHider(key []byte, resource string) hider {
	h := hider{key: key, resource: resource}
	if len(key) > 0 {
		h.id = h.hash("id")[:6]
	}
	return h
}

func (h hider) hash(parts ...string) string {
	mac := hmac.New(sha256.New, h.key)
	for _, part := range append([]string{h.resource}, parts...) {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(part)))
		mac.Write([]byte(part))
	}
	return base64.RawStdEncoding.EncodeToString(mac.Sum(nil)[:16])
}

func (h hider) name(field bool, name string) string {
	if field {
		return h.hash("field", name)
	}
	return h.hash("label", name)
}

// hide returns what is kept of an encrypted object.
func (h hider) hide(a driver.Attributes) driver.Attributes {
	if len(h.key) == 0 {
		return driver.Attributes{Labels: map[string]string{driver.HiddenLabel: notKept}}
	}
	return driver.Attributes{
		Labels: h.hidden(false, a.Labels, map[string]string{driver.HiddenLabel: h.id}),
		Fields: h.hidden(true, a.Fields, make(map[string]string, len(a.Fields))),
	}
}

func (h hider) hidden(field bool, from, to map[string]string) map[string]string {
	for name, value := range from {
		name = h.name(field, name)
		to[name] = h.hash(name, value)
	}
	return to
}

// seek has a requirement met by records that were hidden, too.
func (h hider) seek(r driver.Requirement) driver.Requirement {
	if len(h.key) == 0 {
		return r
	}
	r.HiddenKey, r.HiddenBy = h.name(r.Field, r.Key), h.id
	hidden := make([]string, len(r.Values))
	for i, value := range r.Values {
		hidden[i] = h.hash(r.HiddenKey, value)
	}
	r.Values = slices.Concat(r.Values, hidden)
	return r
}
