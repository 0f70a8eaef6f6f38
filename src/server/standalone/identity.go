package standalone

import (
	"crypto/sha256"
	"encoding/base32"
	"os"
	"strings"
)

// instance names this server among those that share its database. It stays the same when the server
// is started again, and differs between servers on one machine, which upstream's, made of the
// host's name alone, does not.
func (o CompletedOptions) instance() string {
	hash := sha256.New()
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	for _, part := range []string{host, o.credentials.dir.Path(""), o.credentials.url} {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	sum := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(hash.Sum(nil)[:16])
	return name + "-" + strings.ToLower(sum)
}
