package campaign

import (
	"context"
	"encoding/json"
	"net"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// The kind that is written: a small one, of which nothing but the value changes.
const (
	group     = "ark.ai"
	version   = "v1alpha1"
	kind      = "Memory"
	resource  = "memories"
	namespace = "default"
)

// requestTimeout is when a client loses patience. What it asked for may happen nevertheless.
const requestTimeout = 3 * time.Second

// client is one with connections of its own. Nothing is tried again behind its back: each answer is
// recorded.
type client struct {
	id int
	// servers has a REST client for each.
	servers []rest.Interface
}

func newClient(id int, servers []*server) (*client, error) {
	c := &client{id: id}
	for _, s := range servers {
		config, err := s.config()
		if err != nil {
			return nil, err
		}
		config.GroupVersion = &schema.GroupVersion{Group: group, Version: version}
		config.APIPath = "/apis"
		config.NegotiatedSerializer = clientscheme.Codecs.WithoutConversion()
		// Clients with the same dialer would share their connections.
		config.Dial = new(net.Dialer).DialContext
		made, err := rest.RESTClientFor(config)
		if err != nil {
			return nil, err
		}
		c.servers = append(c.servers, made)
	}
	return c, nil
}

// unversioned is for paths such as /readyz.
func unversioned(config *rest.Config) *rest.Config {
	config.NegotiatedSerializer = serializer.WithoutConversionCodecFactory{CodecFactory: clientscheme.Codecs}
	config.GroupVersion = &schema.GroupVersion{}
	return config
}

// request is one to the collection, or to an object of it.
func (c *client) request(server int, verb, name string) *rest.Request {
	r := c.servers[server].Verb(verb).Namespace(namespace).Resource(resource).MaxRetries(0)
	if name != "" {
		r.Name(name)
	}
	return r
}

// object is what an answer has of interest.
type object struct {
	Metadata struct {
		Name            string            `json:"name"`
		ResourceVersion string            `json:"resourceVersion"`
		Annotations     map[string]string `json:"annotations"`
		Continue        string            `json:"continue"`
	} `json:"metadata"`
	Spec struct {
		Address struct {
			Value string `json:"value"`
		} `json:"address"`
	} `json:"spec"`
	Items []object `json:"items"`
	// Those of a status.
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// revision is 0 if there is none.
func (o object) revision() int64 {
	revision, err := strconv.ParseInt(o.Metadata.ResourceVersion, 10, 64)
	if err != nil {
		return 0
	}
	return revision
}

// written is the body of a write. expected is 0 if it replaces any version.
func written(name, value string, expected int64) []byte {
	metadata := map[string]any{"name": name}
	if expected > 0 {
		metadata["resourceVersion"] = strconv.FormatInt(expected, 10)
	}
	return encode(map[string]any{
		"apiVersion": group + "/" + version, "kind": kind, "metadata": metadata,
		"spec": map[string]any{"address": map[string]any{"value": value}},
	})
}

// patched is a merge patch that replaces the value.
func patched(value string) []byte {
	return encode(map[string]any{"spec": map[string]any{"address": map[string]any{"value": value}}})
}

// deleting are the options of a deletion.
func deleting(expected int64) []byte {
	options := map[string]any{"apiVersion": "v1", "kind": "DeleteOptions"}
	if expected > 0 {
		options["preconditions"] = map[string]any{"resourceVersion": strconv.FormatInt(expected, 10)}
	}
	return encode(options)
}

// encode can't fail for what is encoded here.
func encode(value map[string]any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

// answer is what came back.
type answer struct {
	object
	code int
	err  error
}

func do(ctx context.Context, r *rest.Request) answer {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var a answer
	body, err := r.Do(ctx).StatusCode(&a.code).Raw()
	// An error has a status as its body, if there is any.
	if decodeErr := json.Unmarshal(body, &a.object); err == nil {
		err = decodeErr
	}
	a.err = err
	return a
}
