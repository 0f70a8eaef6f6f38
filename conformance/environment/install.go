package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/e2e-framework/klient"

	"ark.ai/apiserver/e2e/provision"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

const (
	// imageVariable is for the image in clusters that are there already, such as
	// "registry.example/ark-apiserver:1.0", or the one in the archive; archivedImage, if it is not
	// set.
	imageVariable = "ARK_IMAGE"
	// archivedImage is what Bazel calls the image in the archive.
	archivedImage = "ark-apiserver:dev"
	// chartVariable is for a packaged chart; that in charts, if it is not set.
	chartVariable = "ARK_CHART"
)

// startInCluster installs the server in the cluster of KUBECONFIG, and leaves that as it was.
func (r *Running) startInCluster(ctx context.Context) error {
	if r.Kubeconfig = os.Getenv(clientcmd.RecommendedConfigPathEnvVar); r.Kubeconfig == "" {
		return fmt.Errorf("%s is not set: it is the file of an administrator of the cluster", clientcmd.RecommendedConfigPathEnvVar)
	}
	return r.install(ctx, os.Getenv(imageVariable))
}

// install has Helm install the server in the cluster of Kubeconfig, with the database's server
// beside it if it has one.
func (r *Running) install(ctx context.Context, image string) error {
	if image == "" {
		return fmt.Errorf("%s is not set: it is the image of ark-apiserver, which the cluster can pull", imageVariable)
	}
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig)
	if err != nil {
		return err
	}
	core, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if r.Host, err = hostFor(ctx, core); err != nil {
		return err
	}
	version, err := core.ServerVersion()
	if err != nil {
		return err
	}
	r.Versions["kubernetes"] = version.GitVersion
	if err := r.prepareRelease(ctx, image); err != nil {
		return err
	}
	if err := r.createNamespace(ctx, core); err != nil {
		return err
	}
	if pod, ok := databasePods[r.Driver]; ok {
		objects, err := klient.New(config)
		if err != nil {
			return err
		}
		if err := provision.InstallDatabase(ctx, objects, arkNamespace, pod.server, pod.image()); err != nil {
			return err
		}
	}
	r.closers = append(r.closers, func() error { return r.savePodLogs(context.WithoutCancel(ctx), core) })
	if _, err := r.Release.Install(ctx); err != nil {
		return err
	}
	if err := r.awaitArk(ctx); err != nil {
		return err
	}
	return r.exposePods(ctx, core)
}

// prepareRelease is the chart with the values that its documentation gives for each database.
func (r *Running) prepareRelease(ctx context.Context, image string) error {
	helm, err := Program("helm")
	if err != nil {
		return err
	}
	if err := r.noteVersion(ctx, "helm", helm, "version", "--short"); err != nil {
		return err
	}
	chart := os.Getenv(chartVariable)
	if chart == "" {
		root, ok := testserver.Repository()
		if !ok {
			return fmt.Errorf("%s is not set, and the working directory is not in the repository", chartVariable)
		}
		chart = filepath.Join(root, "charts", arkName)
	}
	r.Release = &provision.Release{
		Helm:      provision.Helm{Program: helm, Kubeconfig: r.Kubeconfig},
		Namespace: arkNamespace, Name: arkName, Chart: chart,
	}
	name, tag, ok := cutLast(image, ":")
	if !ok || strings.Contains(tag, "/") {
		return fmt.Errorf("image %q has no tag: it is something like %s", image, archivedImage)
	}
	r.Release.Values = append(r.Release.Values, "image.repository="+name, "image.tag="+tag,
		"ark.storage.compactionWindow="+CompactionWindow.String(),
		// Suites have policies whose parameters are ConfigMaps, or Ark objects.
		"rbac.policyParameters[0].apiGroups[0]=,rbac.policyParameters[0].resources[0]=configmaps",
		"rbac.policyParameters[1].apiGroups[0]=ark.ai,rbac.policyParameters[1].resources[0]=*")
	r.Release.Values = append(r.Release.Values, "ark.storage.driver="+r.Driver)
	if pod, ok := databasePods[r.Driver]; ok {
		values := "ark.storage." + r.Driver + "."
		r.Release.Values = append(r.Release.Values, values+"host="+provision.Database, values+"passwordSecret="+provision.Database, values+pod.plaintext)
	} else {
		r.Release.Values = append(r.Release.Values, "ark.apiserver.replicas=1")
	}
	return nil
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// createNamespace makes the one for everything that is installed. It is removed in the end, with
// the release.
func (r *Running) createNamespace(ctx context.Context, core kubernetes.Interface) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: arkNamespace}}
	_, err := core.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("the cluster has a namespace %s: remove it, and what is in it, first", arkNamespace)
	}
	if err != nil {
		return err
	}
	if r.Mode == Kind {
		return nil // it goes with the cluster
	}
	r.closers = append(r.closers, func() error {
		ctx := context.WithoutCancel(ctx)
		_, err := r.Release.Helm.Run(ctx, "uninstall", r.Release.Name, "--namespace", arkNamespace, "--ignore-not-found", "--wait")
		return errors.Join(err, core.CoreV1().Namespaces().Delete(ctx, arkNamespace, metav1.DeleteOptions{}))
	})
	return nil
}
