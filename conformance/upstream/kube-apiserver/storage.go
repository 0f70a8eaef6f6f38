package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/generic"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"

	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/pkg/apis/core"

	"ark.ai/apiserver/src/storage"
)

// storeResourcesIn is for what the API serves, by each of the three servers that kube-apiserver is
// a chain of.
func storeResourcesIn(engine *storage.Engine, config *app.Config) {
	for _, getter := range []*generic.RESTOptionsGetter{
		&config.KubeAPIs.ControlPlane.Generic.RESTOptionsGetter,
		&config.ApiExtensions.GenericConfig.RESTOptionsGetter,
		&config.ApiExtensions.ExtraConfig.CRDRESTOptionsGetter,
		&config.Aggregator.GenericConfig.RESTOptionsGetter,
	} {
		*getter = engine.RESTOptionsGetter(*getter)
	}
}

// records are what kube-apiserver keeps without serving it: which node ports are taken, and which
// servers there are.
var records = map[string]func() runtime.Object{
	"servicenodeportallocations": func() runtime.Object { return &core.RangeAllocation{} },
	"apiServerIPInfo":            func() runtime.Object { return &core.Endpoints{} },
	"apiServerPeerIPInfo":        func() runtime.Object { return &core.Endpoints{} },
}

// storeRecordsIn replaces the function that makes etcd's storage, which is a variable here.
func storeRecordsIn(engine *storage.Engine) error {
	raw, err := engine.RESTOptionsGetter(generic.RESTOptions{Decorator: generic.UndecoratedStorage}).GetRESTOptions(schema.GroupResource{}, nil)
	if err != nil {
		return err
	}
	factory.Create = func(config storagebackend.ConfigForResource, _, _ func() runtime.Object, prefix string) (apistorage.Interface, factory.DestroyFunc, error) {
		newRecord, known := records[config.GroupResource.Resource]
		if !known {
			return nil, nil, fmt.Errorf("%s would be stored in etcd", config.GroupResource)
		}
		return raw.Decorator(&config, prefix, nil, newRecord, nil, nil, nil, nil)
	}
	return nil
}
