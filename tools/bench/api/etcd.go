package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"k8s.io/apimachinery/pkg/util/uuid"
)

// putIntoEtcd writes custom resources.
func (s *subject) putIntoEtcd(ctx context.Context, r *result, objects int) error {
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{s.env.Etcd}, DialTimeout: 10 * time.Second})
	if err != nil {
		return err
	}
	defer etcd.Close()
	return manyBatches(ctx, r, objects, func(from, to int) error {
		var puts []clientv3.Op
		for i := from; i < to; i++ {
			q := newQuery(i)
			stored, err := q.stored()
			if err != nil {
				return err
			}
			puts = append(puts, clientv3.OpPut("/registry/ark.ai/queries/"+q.namespace+"/"+q.name, string(stored)))
		}
		_, err := etcd.Txn(ctx).Then(puts...).Commit()
		return err
	})
}

// stored is the query as kube-apiserver has it in etcd, but for who has written which field.
func (q query) stored() ([]byte, error) {
	var object, status map[string]any
	if err := json.Unmarshal([]byte(q.create), &object); err != nil {
		return nil, fmt.Errorf("%s: %w", q.name, err)
	}
	if err := json.Unmarshal([]byte(q.complete), &status); err != nil {
		return nil, fmt.Errorf("%s: %w", q.name, err)
	}
	maps.Copy(object, status)
	maps.Copy(object["metadata"].(map[string]any), map[string]any{
		"namespace": q.namespace, "uid": uuid.NewUUID(), "generation": 1, "creationTimestamp": time.Now().UTC().Format(time.RFC3339),
	})
	return json.Marshal(object)
}
