package arkgroup

import (
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/storagebackend"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/storage"
)

// OpenStored returns all kinds as servers store them, for programs that write objects as they are,
// and what ends their use. They are encrypted as by a server that has the same configuration.
func OpenStored(engine *storage.Engine, encryptionProviderConfig string) (kinds []registry.Stored, end func(), err error) {
	ark, err := New()
	if err != nil {
		return nil, nil, err
	}
	options := genericoptions.NewEtcdOptions(storagebackend.NewDefaultConfig("", nil))
	storage.ConfigureEtcdOptions(options)
	options.EnableWatchCache = false
	options.EncryptionProviderConfigFilepath = encryptionProviderConfig
	config := genericapiserver.NewConfig(ark.Codecs())
	if err := options.ApplyTo(config); err != nil {
		return nil, nil, err
	}
	storage.StopEtcdMetrics()
	return registry.OpenStored(ark.scheme, engine.RESTOptionsGetter(ark.RESTOptionsGetter(*options, config)))
}
