package standalone

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/keyutil"
	"k8s.io/klog/v2"

	controlplaneoptions "k8s.io/kubernetes/pkg/controlplane/apiserver/options"
	"k8s.io/kubernetes/pkg/serviceaccount"

	"ark.ai/apiserver/src/server/controllers"
	"ark.ai/apiserver/src/server/datadir"
	"ark.ai/apiserver/src/server/services"
)

const (
	// readyPollInterval is short: each poll costs some microseconds, and a user is waiting.
	readyPollInterval = 25 * time.Millisecond
	// renewalInterval is how often certificates are looked at; they are renewed months before they
	// expire.
	renewalInterval = 12 * time.Hour
)

// background is what a server does beside answering requests: it waits until it is ready, runs
// controllers and renews its certificates.
type background struct {
	options     CompletedOptions
	client      *rest.Config
	controllers controllers.Config
	ready       func()

	// stop ends the work.
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newBackground(options CompletedOptions, loopback *rest.Config, nodePorts *services.NodePorts) (*background, error) {
	trusted, err := options.credentials.trusted()
	if err != nil {
		return nil, err
	}
	tokens, err := legacyTokens(options.controlPlane)
	if err != nil {
		return nil, err
	}
	return &background{
		options: options,
		client:  loopback,
		ready:   func() {},
		controllers: controllers.Config{
			Client:               loopback,
			Identity:             options.instance(),
			RootCA:               trusted,
			LegacyTokens:         tokens,
			AuthorityCertificate: options.credentials.dir.Path(datadir.AuthorityCertificate),
			AuthorityKey:         options.credentials.dir.Path(datadir.AuthorityKey),
			NodePorts:            nodePorts,
		},
	}, nil
}

// legacyTokens is nil if the key is not ours to use.
func legacyTokens(options controlplaneoptions.CompletedOptions) (serviceaccount.TokenGenerator, error) {
	if options.ServiceAccountSigningKeyFile == "" {
		return nil, nil
	}
	key, err := keyutil.PrivateKeyFromFile(options.ServiceAccountSigningKeyFile)
	if err != nil {
		return nil, err
	}
	return serviceaccount.JWTTokenGenerator(serviceaccount.LegacyIssuer, key)
}

func (b *background) onReady(ready func()) {
	b.ready = ready
}

// addTo starts the work with the server, and keeps the server answering until stop has ended it:
// the lease of the controllers has to be given back.
func (b *background) addTo(server *genericapiserver.GenericAPIServer) error {
	const hook = "ark-background"
	var ctx context.Context
	ctx, b.stop = context.WithCancel(context.Background())
	work := []func(context.Context){b.runControllers, b.renewCredentials}
	// Counted before they run: a server may be stopped before it has called its hooks.
	b.running.Add(len(work))
	err := server.AddPostStartHook(hook, func(genericapiserver.PostStartHookContext) error {
		for _, do := range work {
			go func() {
				defer b.running.Done()
				do(ctx)
			}()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return server.AddPreShutdownHook(hook, func() error {
		b.waitForEnd()
		return nil
	})
}

// waitForEnd gives up if the database does not answer: then the lease runs out by itself.
func (b *background) waitForEnd() {
	ended := make(chan struct{})
	go func() {
		b.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(stopTimeout):
		klog.InfoS("Controllers do not end, going on without them")
	}
}

func (b *background) runControllers(ctx context.Context) {
	if !b.waitUntilReady(ctx) {
		return
	}
	b.ready()
	// Most of what the start allocated, for OpenAPI above all, is garbage by now.
	debug.FreeOSMemory()
	if err := controllers.Run(ctx, b.controllers); err != nil {
		klog.ErrorS(err, "Can't run the controllers")
	}
}

func (b *background) waitUntilReady(ctx context.Context) bool {
	transport, err := rest.HTTPClientFor(b.client)
	if err != nil {
		klog.ErrorS(err, "Can't make a loopback client")
		return false
	}
	err = wait.PollUntilContextCancel(ctx, readyPollInterval, true, func(ctx context.Context) (bool, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.client.Host+"/readyz", nil)
		if err != nil {
			return false, err
		}
		response, err := transport.Do(request)
		if err != nil {
			return false, nil //nolint:nilerr // it does not listen yet
		}
		return response.StatusCode == http.StatusOK, response.Body.Close()
	})
	return err == nil
}

func (b *background) renewCredentials(ctx context.Context) {
	wait.UntilWithContext(ctx, func(context.Context) {
		// The server reads the files again when they change.
		err := b.options.credentials.ensure()
		if err == nil {
			err = b.options.credentials.ensureKubeconfig()
		}
		if err != nil {
			klog.ErrorS(err, "Can't renew certificates")
		}
	}, renewalInterval)
}
