package servingcertificate

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	aggregator "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
)

const timeout = time.Minute

// installation is what there is in the cluster before the servers: an empty secret.
type installation struct {
	core       *kubernetes.Clientset
	aggregator *aggregator.Clientset
	options    *Options
	// apiServices are those that the servers write to. They are not there yet.
	apiServices []string
	group       string
}

func install(t *testing.T) *installation {
	t.Helper()
	i := &installation{core: kubernetes.NewForConfigOrDie(admin), aggregator: aggregator.NewForConfigOrDie(admin)}
	namespace, err := i.core.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	i.options = &Options{Secret: namespace.Name + "/tls", Service: "ark"}
	i.group = namespace.Name + ".example.org"
	i.apiServices = []string{"v1." + i.group, "v2." + i.group}
	i.createSecret(t)
	return i
}

func (i *installation) createSecret(t *testing.T) {
	t.Helper()
	name := i.options.secret()
	_, err := i.core.CoreV1().Secrets(name.Namespace).Create(t.Context(), &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name.Name}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// register creates the APIServices. They lead to a Service of that name.
func (i *installation) register(t *testing.T, service string) {
	t.Helper()
	for _, name := range i.apiServices {
		version, _, _ := strings.Cut(name, ".")
		_, err := i.aggregator.ApiregistrationV1().APIServices().Create(t.Context(), &apiregistrationv1.APIService{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec: apiregistrationv1.APIServiceSpec{
				Group: i.group, Version: version, GroupPriorityMinimum: 1000, VersionPriority: 100,
				Service: &apiregistrationv1.ServiceReference{Namespace: i.options.secret().Namespace, Name: service},
			},
		}, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := i.aggregator.ApiregistrationV1().APIServices().Delete(context.Background(), name, metav1.DeleteOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// server starts the keeper of one.
func (i *installation) server(t *testing.T, clock clock.Clock) *Keeper {
	t.Helper()
	keeper, err := newKeeper(t.Context(), i.options, i.apiServices, admin, clock)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { keeper.Run(ctx, 1) })
	t.Cleanup(func() { stop(); running.Wait() })
	return keeper
}

func (i *installation) secret(ctx context.Context) (*corev1.Secret, error) {
	name := i.options.secret()
	return i.core.CoreV1().Secrets(name.Namespace).Get(ctx, name.Name, metav1.GetOptions{})
}

func (i *installation) patchSecret(t *testing.T, patch string) {
	t.Helper()
	name := i.options.secret()
	if _, err := i.core.CoreV1().Secrets(name.Namespace).Patch(t.Context(), name.Name, types.JSONPatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

func (i *installation) setBundle(t *testing.T, bundle []byte) {
	t.Helper()
	patch := `{"spec": {"caBundle": null}}`
	if bundle != nil {
		patch = fmt.Sprintf(`{"spec": {"caBundle": %q}}`, base64.StdEncoding.EncodeToString(bundle))
	}
	for _, name := range i.apiServices {
		if _, err := i.aggregator.ApiregistrationV1().APIServices().Patch(t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
	}
}

// check is an error unless kube-apiserver trusts what all servers show.
func (i *installation) check(ctx context.Context, now time.Time, servers ...*Keeper) error {
	for _, name := range i.apiServices {
		apiService, err := i.aggregator.ApiregistrationV1().APIServices().Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, server := range servers {
			shown, key := server.CurrentCertKeyContent()
			c := parse(map[string][]byte{"ca.crt": apiService.Spec.CABundle, "tls.crt": shown, "tls.key": key})
			if err := c.serves(i.options.hosts()[0], now); err != nil {
				return err
			}
		}
	}
	return nil
}

func await(t *testing.T, what string, condition func(context.Context) error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, timeout, true, func(ctx context.Context) (bool, error) {
		last = condition(ctx)
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("waited for %s that %s: %v", timeout, what, last)
	}
}

func TestServersThatStartTogetherHaveOneCertificate(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "ark")
	servers := make([]*Keeper, 5)
	begin, errs := make(chan struct{}), make([]error, len(servers))
	var starting sync.WaitGroup
	for n := range servers {
		starting.Go(func() {
			<-begin
			servers[n], errs[n] = New(t.Context(), i.options, i.apiServices, admin)
		})
	}
	close(begin)
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	first, _ := servers[0].CurrentCertKeyContent()
	for n, server := range servers {
		if shown, _ := server.CurrentCertKeyContent(); !bytes.Equal(shown, first) {
			t.Errorf("server %d has a certificate of its own", n)
		}
	}
	if err := i.check(t.Context(), time.Now(), servers...); err != nil {
		t.Error(err)
	}
}

func TestSecretHasToExist(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.options.Secret += "-of-nobody"
	_, err := New(t.Context(), i.options, i.apiServices, admin)
	if !apierrors.IsNotFound(err) || !strings.Contains(err.Error(), "reading secret "+i.options.Secret+", which has to exist") {
		t.Errorf("%v", err)
	}
}

func TestAPIServicesThatComeLaterAreWritten(t *testing.T) {
	t.Parallel()
	i := install(t)
	server := i.server(t, clock.RealClock{})
	i.register(t, "ark")
	await(t, "kube-apiserver trusts the server", func(ctx context.Context) error { return i.check(ctx, time.Now(), server) })
}

func TestBundleIsPutBack(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "ark")
	server := i.server(t, clock.RealClock{})
	other, _ := renewed(t, nil, time.Now())
	for name, bundle := range map[string][]byte{"nothing": nil, "no certificate": []byte("text"), "another authority": other["ca.crt"]} {
		i.setBundle(t, bundle)
		await(t, "kube-apiserver trusts the server again after the bundle was "+name, func(ctx context.Context) error { return i.check(ctx, time.Now(), server) })
	}
}

func TestAPIServicesOfOthersAreLeftAlone(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "other")
	i.setBundle(t, []byte("theirs"))
	i.server(t, clock.RealClock{})
	// What has been done once the secret is good again has been done to all.
	i.patchSecret(t, `[{"op": "remove", "path": "/data"}]`)
	await(t, "the secret is good", func(ctx context.Context) error {
		secret, err := i.secret(ctx)
		if err != nil {
			return err
		}
		return parse(secret.Data).serves(i.options.hosts()[0], time.Now())
	})
	for _, name := range i.apiServices {
		apiService, err := i.aggregator.ApiregistrationV1().APIServices().Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if string(apiService.Spec.CABundle) != "theirs" {
			t.Errorf("%s has another caBundle", name)
		}
	}
}

func TestDamagedSecretHeals(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "ark")
	servers := []*Keeper{i.server(t, clock.RealClock{}), i.server(t, clock.RealClock{})}
	for _, damage := range []string{
		`[{"op": "remove", "path": "/data"}]`,
		`[{"op": "replace", "path": "/data/tls.crt", "value": ""}]`,
		`[{"op": "remove", "path": "/data/ca.crt"}]`,
	} {
		before, _ := servers[0].CurrentCertKeyContent()
		i.patchSecret(t, damage)
		await(t, "all servers have another certificate after "+damage, func(ctx context.Context) error {
			for _, server := range servers {
				if shown, _ := server.CurrentCertKeyContent(); bytes.Equal(shown, before) {
					return errors.New("one has not")
				}
			}
			return i.check(ctx, time.Now(), servers...)
		})
	}
}

// TestSecretThatWasDeleted can't be created by the servers: they go on with what they have, and
// take to the one that somebody else creates.
func TestSecretThatWasDeleted(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "ark")
	server := i.server(t, clock.RealClock{})
	before, _ := server.CurrentCertKeyContent()
	name := i.options.secret()
	if err := i.core.CoreV1().Secrets(name.Namespace).Delete(t.Context(), name.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := i.check(t.Context(), time.Now(), server); err != nil {
		t.Error(err)
	}
	i.createSecret(t)
	await(t, "the server uses the new secret", func(ctx context.Context) error {
		if shown, _ := server.CurrentCertKeyContent(); bytes.Equal(shown, before) {
			return errors.New("it does not")
		}
		return i.check(ctx, time.Now(), server)
	})
}

func TestServersRenewTheCertificateWithoutARestart(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.register(t, "ark")
	clocks := []*clocktesting.FakeClock{clocktesting.NewFakeClock(begin), clocktesting.NewFakeClock(begin)}
	servers := []*Keeper{i.server(t, clocks[0]), i.server(t, clocks[1])}
	before, _ := servers[0].CurrentCertKeyContent()
	woken := &listener{make(chan struct{}, 1)}
	servers[1].AddListener(woken)

	now := begin.Add(year * 3 / 4)
	await(t, "the first server waits for its clock", func(context.Context) error {
		if !clocks[0].HasWaiters() {
			return errors.New("it does not")
		}
		return nil
	})
	clocks[0].SetTime(now)
	// The clock of the other one stands still: it hears of it.
	select {
	case <-woken.enqueued:
	case <-time.After(timeout):
		t.Fatal("the second server has not told that it has another certificate")
	}
	if shown, _ := servers[1].CurrentCertKeyContent(); bytes.Equal(shown, before) {
		t.Error("the second server has the certificate from before")
	}
	await(t, "kube-apiserver trusts both", func(ctx context.Context) error { return i.check(ctx, now, servers...) })
}

type listener struct{ enqueued chan struct{} }

func (l *listener) Enqueue() {
	select {
	case l.enqueued <- struct{}{}:
	default:
	}
}
