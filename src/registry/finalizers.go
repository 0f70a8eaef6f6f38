package registry

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ownFinalizers are those of Kubernetes itself, the only ones without a domain.
var ownFinalizers = []string{metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents}

// warnFinalizers warns of new finalizers whose names others may have chosen too, in the words that
// Kubernetes has for custom resources.
func warnFinalizers(obj metav1.Object, old []string) []string {
	var warnings []string
	for _, finalizer := range obj.GetFinalizers() {
		if strings.Contains(finalizer, "/") || slices.Contains(ownFinalizers, finalizer) || slices.Contains(old, finalizer) {
			continue
		}
		advice := "prefer a domain-qualified finalizer name"
		if strings.Contains(finalizer, ".") {
			advice += " including a path (/)"
		}
		warnings = append(warnings, fmt.Sprintf("metadata.finalizers: %q: %s to avoid accidental conflicts with other finalizer writers", finalizer, advice))
	}
	return warnings
}
