// Package registry serves the kinds of group ark.ai from any storage that a
// generic.RESTOptionsGetter describes.
//
// The table of kinds (table.go) says all that differs between them. One strategy (strategy.go) and
// one pair of REST storages (storage.go) serve them all. A server uses three calls: AddToScheme or
// NewScheme, then APIGroupInfo, whose result it hands to GenericAPIServer.InstallAPIGroup.
package registry
