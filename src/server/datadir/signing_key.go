package datadir

import (
	"fmt"

	"k8s.io/client-go/util/keyutil"

	"ark.ai/apiserver/src/server/certificate"
)

// EnsureServiceAccountKey makes the key that signs service account tokens, unless there is one.
// Tokens are good as long as the key is kept.
func (d *Dir) EnsureServiceAccountKey() error {
	existing, err := d.read(ServiceAccountKey)
	if err != nil {
		return err
	}
	if existing != nil {
		if _, err := certificate.ParseKey(existing); err != nil {
			return fmt.Errorf("%s is corrupt: %w", d.Path(ServiceAccountKey), err)
		}
		return nil
	}
	key, err := keyutil.MakeEllipticPrivateKeyPEM()
	if err != nil {
		return err
	}
	return d.write(ServiceAccountKey, key)
}
