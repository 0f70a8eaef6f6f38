package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// lists of all queries, or of some. Clients read the answers, but do not decode the objects.
var lists = []work{
	list("list all", 1, all, url.Values{}),
	list("list all, in pages of 500", 1, all, url.Values{"limit": {"500"}}),
	list("list a page of 50", 50, all, url.Values{"limit": {"50"}}),
	list("list a namespace", 3, collectionIn(namespaces[3]), url.Values{}),
	list("list a label that ten have", 5, all, url.Values{"labelSelector": {"session=s77"}}),
	list("list a label that none has", 5, all, url.Values{"labelSelector": {"session=none"}}),
}

// list a collection some times, whole or one page: in pages if the query says so and it is done
// once.
func list(name string, times int, path string, query url.Values) work {
	return work{name: name, do: func(ctx context.Context, s *subject, r *result) error {
		r.Requests = times
		for range times {
			var token string
			for {
				more := maps.Clone(query)
				if token != "" {
					more.Set("continue", token)
				}
				body, err := s.request(ctx, http.MethodGet, path+"?"+more.Encode(), "", "")
				if err != nil {
					return err
				}
				r.MiB += float64(len(body)) / (1 << 20) / float64(times)
				meta, err := metaOf(body)
				if err != nil {
					return err
				}
				if token = meta.Continue; token == "" || times > 1 {
					break
				}
			}
		}
		return nil
	}}
}

// metaOf reads the metadata of a list, which are before its items.
func metaOf(body []byte) (metav1.ListMeta, error) {
	var list struct {
		Metadata metav1.ListMeta `json:"metadata"`
		Items    json.RawMessage `json:"items"`
	}
	err := json.Unmarshal(body, &list)
	return list.Metadata, err
}

// remaining is how many objects there are, by the first page of one.
func remaining(body []byte) (int, error) {
	meta, err := metaOf(body)
	if err != nil {
		return 0, err
	}
	if meta.RemainingItemCount == nil {
		return 1, nil
	}
	return int(*meta.RemainingItemCount) + 1, nil
}
