package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// SDKs know objects as JSON, and write by merge patches without a resourceVersion.

func (s *scene) patch(ctx context.Context, o client.Object, patch string) {
	GinkgoHelper()
	Expect(s.Patch(ctx, o, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}

func (s *scene) patchStatus(ctx context.Context, o client.Object, patch string) {
	GinkgoHelper()
	Expect(s.Status().Patch(ctx, o, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}
