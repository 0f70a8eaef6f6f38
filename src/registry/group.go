package registry

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/registry/generic"
	genericapiserver "k8s.io/apiserver/pkg/server"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry/integers"
)

// APIGroupInfo describes group ark.ai to a generic API server, for InstallAPIGroup. The scheme must
// have gone through AddToScheme; codecs and parameters must have been made of it.
func APIGroupInfo(scheme *runtime.Scheme, codecs serializer.CodecFactory, parameters runtime.ParameterCodec, opts generic.RESTOptionsGetter) (genericapiserver.APIGroupInfo, error) {
	storage, err := ark.newStorage(scheme, opts)
	if err != nil {
		return genericapiserver.APIGroupInfo{}, err
	}
	info := genericapiserver.NewDefaultAPIGroupInfo(v1alpha1.GroupName, scheme, parameters, codecs)
	info.VersionedResourcesStorageMap = storage
	info.NegotiatedSerializer = integers.Serializer(withoutProtobuf{info.NegotiatedSerializer}, scheme)
	return info, nil
}

// withoutProtobuf keeps clients from being promised protobuf, which these types do not have: those
// that accept JSON as well get JSON, others 406, as with custom resources.
type withoutProtobuf struct {
	runtime.NegotiatedSerializer
}

func (s withoutProtobuf) SupportedMediaTypes() []runtime.SerializerInfo {
	return slices.DeleteFunc(slices.Clone(s.NegotiatedSerializer.SupportedMediaTypes()), func(info runtime.SerializerInfo) bool {
		return info.MediaType == runtime.ContentTypeProtobuf
	})
}
