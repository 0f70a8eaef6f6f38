package framework

import (
	"context"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// The clients of an administrator, once the suite has begun.
var (
	// Env is the environment.
	Env *environment.Environment
	// Config is for further clients. It has no rate limit.
	Config  *rest.Config
	Client  *kubernetes.Clientset
	Dynamic *dynamic.DynamicClient
	Ark     *versioned.Clientset
)

func connect() {
	var err error
	Config, err = clientcmd.BuildConfigFromFlags("", Env.Kubeconfig)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	Config.QPS = -1
	Client = kubernetes.NewForConfigOrDie(Config)
	Dynamic = dynamic.NewForConfigOrDie(Config)
	Ark = versioned.NewForConfigOrDie(Config)
}

// Namespace makes a namespace for a spec, and deletes it after.
func Namespace(ctx context.Context) string {
	ginkgo.GinkgoHelper()
	namespace, err := Client.CoreV1().Namespaces().Create(ctx,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "conformance-"}}, metav1.CreateOptions{})
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	ginkgo.DeferCleanup(func(ctx context.Context) {
		gomega.Expect(Client.CoreV1().Namespaces().Delete(ctx, namespace.Name, metav1.DeleteOptions{})).To(gomega.Succeed())
	})
	return namespace.Name
}
