package main

import (
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

// journal lets every event pass, and logs it.
func journal(log logr.Logger, kind string) predicate.Predicate {
	tell := func(event string, o client.Object) bool {
		owner := ""
		if controller := metav1.GetControllerOf(o); controller != nil {
			owner = controller.Name
		}
		log.Info("watch event", "event", event, "kind", kind, "namespace", o.GetNamespace(), "name", o.GetName(), "owner", owner,
			"uid", o.GetUID(), "resourceVersion", o.GetResourceVersion())
		return true
	}
	return predicate.Funcs{
		CreateFunc: func(e event.CreateEvent) bool { return tell("create", e.Object) },
		DeleteFunc: func(e event.DeleteEvent) bool { return tell("delete", e.Object) },
		UpdateFunc: func(e event.UpdateEvent) bool {
			if e.ObjectOld.GetResourceVersion() == e.ObjectNew.GetResourceVersion() {
				return tell("resync", e.ObjectNew)
			}
			return tell("update", e.ObjectNew)
		},
	}
}
