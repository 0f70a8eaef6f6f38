package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// reviewer is a validating webhook that wants what an object refers to to exist. No API server can
// check that by itself.
type reviewer struct {
	kind    schema.GroupVersionKind
	reader  client.Reader
	scheme  *runtime.Scheme
	decoder admission.Decoder
}

// addReviews has a webhook for each kind in each version, such as /review-v1alpha1-query.
func addReviews(mgr ctrl.Manager, live client.Client, o *options) error {
	if o.webhookPort < 0 {
		return nil
	}
	scheme := mgr.GetScheme()
	for _, version := range []schema.GroupVersion{v1alpha1.SchemeGroupVersion, v1prealpha1.SchemeGroupVersion} {
		for kind := range scheme.KnownTypes(version) {
			o, err := scheme.New(version.WithKind(kind))
			if err != nil {
				return err
			}
			// The others are lists and options.
			if _, ok := o.(client.Object); ok {
				handler := &reviewer{kind: version.WithKind(kind), reader: live, scheme: scheme, decoder: admission.NewDecoder(scheme)}
				mgr.GetWebhookServer().Register("/review-"+version.Version+"-"+strings.ToLower(kind), &admission.Webhook{Handler: handler})
			}
		}
	}
	return nil
}

// Handle implements admission.Handler. Objects that are being deleted are let go, whatever they
// refer to.
func (r *reviewer) Handle(ctx context.Context, request admission.Request) admission.Response {
	ctrl.LoggerFrom(ctx).Info("review", "kind", request.Kind.Kind, "version", request.Kind.Version, "event", request.Operation,
		"subresource", request.SubResource)
	if request.Kind.Kind != r.kind.Kind || request.Kind.Version != r.kind.Version {
		return admission.Errored(http.StatusBadRequest, fmt.Errorf("%s is asked about %s", r.kind, request.Kind))
	}
	decoded, err := r.scheme.New(r.kind)
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	if err := r.decoder.Decode(request, decoded); err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	o := decoded.(client.Object)
	if o.GetDeletionTimestamp().IsZero() {
		if err := checkReferences(ctx, r.reader, o); err != nil {
			return admission.Denied(err.Error())
		}
	}
	return admission.Allowed("")
}
