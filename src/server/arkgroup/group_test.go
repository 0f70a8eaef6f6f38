package arkgroup

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/features"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/compatibility"
	featuregatetesting "k8s.io/component-base/featuregate/testing"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/sqlite"
)

// newHandler serves the group as every server does, to everybody.
func newHandler(t *testing.T) http.Handler {
	t.Helper()
	expect := NewWithT(t)
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	expect.Expect(err).NotTo(HaveOccurred())
	engine, err := storage.Open(t.Context(), backend, storage.Options{})
	expect.Expect(err).NotTo(HaveOccurred())

	group, err := New()
	expect.Expect(err).NotTo(HaveOccurred())
	config := genericapiserver.NewConfig(group.Codecs())
	group.Document(config)
	config.LoopbackClientConfig = &rest.Config{}
	config.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()
	config.ExternalAddress = "127.0.0.1:443"
	config.EffectiveVersion = compatibility.NewEffectiveVersionFromString("1.0", "", "")
	server, err := config.Complete(nil).New("test", genericapiserver.NewEmptyDelegate())
	expect.Expect(err).NotTo(HaveOccurred())
	options := genericoptions.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", nil))
	options.EnableWatchCache = false
	expect.Expect(group.Install(server, engine.RESTOptionsGetter(group.RESTOptionsGetter(*options, config)))).To(Succeed())
	t.Cleanup(func() {
		server.Destroy()
		expect.Expect(engine.Close()).To(Succeed())
	})
	return server.Handler
}

// TestIntegers: integers may be written as floats in all requests that write an object, and numbers
// that do not fit are refused in all.
func TestIntegers(t *testing.T) {
	featuregatetesting.SetFeatureGateDuringTest(t, utilfeature.DefaultFeatureGate, features.CBORServingAndStorage, true)
	handler := newHandler(t)
	send := func(method, path, contentType, body string) (int, string) {
		request := httptest.NewRequestWithContext(t.Context(), method, "/apis/ark.ai/v1alpha1/namespaces/default/"+path, strings.NewReader(body))
		request.Header.Set("Content-Type", contentType)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		return answer.Code, answer.Body.String()
	}
	const team = `{"apiVersion":"ark.ai/v1alpha1","kind":"Team","metadata":{"name":"it"},"spec":{"strategy":"sequential","members":[],"maxTurns":NUMBER}}`
	if code, answer := send(http.MethodPost, "teams", "application/json", strings.ReplaceAll(team, "NUMBER", "7")); code != http.StatusCreated {
		t.Fatalf("%d %s", code, answer)
	}

	for name, c := range map[string]struct {
		method, path, contentType, body string
		refused                         int
	}{
		"create":                {http.MethodPost, "teams?dryRun=All", "application/json", strings.Replace(team, "it", "other", 1), http.StatusBadRequest},
		"update":                {http.MethodPut, "teams/it?dryRun=All", "application/json", team, http.StatusBadRequest},
		"update in YAML":        {http.MethodPut, "teams/it?dryRun=All", "application/yaml", team, http.StatusBadRequest},
		"update in CBOR":        {http.MethodPut, "teams/it?dryRun=All", "application/cbor", team, http.StatusBadRequest},
		"merge patch":           {http.MethodPatch, "teams/it?dryRun=All", "application/merge-patch+json", `{"spec":{"maxTurns":NUMBER}}`, http.StatusUnprocessableEntity},
		"JSON patch":            {http.MethodPatch, "teams/it?dryRun=All", "application/json-patch+json", `[{"op":"add","path":"/spec/maxTurns","value":NUMBER}]`, http.StatusUnprocessableEntity},
		"strategic merge patch": {http.MethodPatch, "teams/it?dryRun=All", "application/strategic-merge-patch+json; charset=utf-8", `{"spec":{"maxTurns":NUMBER}}`, http.StatusUnprocessableEntity},
		"apply":                 {http.MethodPatch, "teams/it?dryRun=All&fieldManager=test&force=true", "application/apply-patch+yaml", team, http.StatusUnprocessableEntity},
		"apply in CBOR":         {http.MethodPatch, "teams/it?dryRun=All&fieldManager=test&force=true", "application/apply-patch+cbor", team, http.StatusUnprocessableEntity},
		"apply of a new object": {http.MethodPatch, "teams/other?dryRun=All&fieldManager=test", "application/apply-patch+yaml", strings.Replace(team, "it", "other", 1), http.StatusUnprocessableEntity},
	} {
		for number, want := range map[string]string{"3.0": "3", "1e2": "100", "-2E+0": "-2", "3.5": "", "2147483648.0": "", "4294967299": "", "1e30": ""} {
			body := strings.ReplaceAll(c.body, "NUMBER", number)
			if strings.HasSuffix(c.contentType, "cbor") {
				body = inCBOR(t, body)
			}
			code, answer := send(c.method, c.path, c.contentType, body)
			if want == "" && code != c.refused {
				t.Errorf("%s of %s: %d %s", name, number, code, answer)
			}
			if want != "" && (code >= 300 || !strings.Contains(answer, `"maxTurns":`+want+`,`)) {
				t.Errorf("%s of %s: %d %s", name, number, code, answer)
			}
		}
	}

	// The same number in another form is no change.
	_, before := send(http.MethodGet, "teams/it", "", "")
	if code, answer := send(http.MethodPut, "teams/it", "application/json", strings.ReplaceAll(team, "NUMBER", "7.0")); code != http.StatusOK || answer != before {
		t.Errorf("%d %s\n  before it was %s", code, answer, before)
	}
	// Whoever limits the size of bodies reads the patches too.
	if code, answer := send(http.MethodPatch, "teams/it", "application/strategic-merge-patch+json", strings.Repeat(" ", 4<<20)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a patch of 4 MiB: %d %s", code, answer)
	}
}

// inCBOR encodes a JSON text. All its numbers are floats then.
func inCBOR(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	data, err := direct.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
