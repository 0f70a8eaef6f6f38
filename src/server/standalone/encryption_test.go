package standalone_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestEncryptionAtRestCoversArkKinds(t *testing.T) {
	t.Parallel()
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "encryption.yaml")
	content := fmt.Sprintf(`apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [agents.ark.ai]
  providers:
  - secretbox: {keys: [{name: one, secret: %s}]}
  - identity: {}
`, base64.StdEncoding.EncodeToString(key))
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	selectorKey := filepath.Join(t.TempDir(), "selector.key")
	if err := os.WriteFile(selectorKey, []byte(base64.StdEncoding.EncodeToString(key)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"WithoutSelectorKey": "", "WithSelectorKey": selectorKey} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			encrypting := options(dir)
			encrypting.ControlPlane.Etcd.EncryptionProviderConfigFilepath = config
			encrypting.ControlPlane.Etcd.WatchCacheSizes = []string{"agents.ark.ai#0"}
			encrypting.Storage.SelectorKeyFile = file
			server := mustStart(t, encrypting)
			for _, name := range []string{"spy", "other"} {
				agent := agent(name)
				agent.Object["spec"] = map[string]any{"prompt": "TheSecretPrompt"}
				agent.SetLabels(map[string]string{"TheSecretLabel": "TheSecretOf-" + name})
				server.create(t, agents, metav1.NamespaceDefault, agent)
			}
			server.create(t, models, metav1.NamespaceDefault, model("plain-model"))
			list, err := server.dynamic.Resource(agents).Namespace(metav1.NamespaceDefault).List(t.Context(), metav1.ListOptions{LabelSelector: "TheSecretLabel=TheSecretOf-spy"})
			if err != nil || len(list.Items) != 1 || list.Items[0].GetName() != "spy" {
				t.Fatalf("the selector found %v (%v)", list, err)
			}
			if prompt, _, _ := unstructured.NestedString(list.Items[0].Object, "spec", "prompt"); prompt != "TheSecretPrompt" {
				t.Errorf("read back as %q", prompt)
			}
			server.mustStop(t)

			database := readFiles(t, dir, "ark.db")["ark.db"]
			if bytes.Contains(database, []byte("TheSecret")) {
				t.Error("the database file has a prompt or a label in plain text")
			}
			if !bytes.Contains(database, []byte("plain-model")) {
				t.Error("the database file does not have what is not encrypted: this test proves nothing")
			}
		})
	}
}

// TestSelectorKey: a key that can be guessed is refused in one line.
func TestSelectorKey(t *testing.T) {
	t.Parallel()
	short := filepath.Join(t.TempDir(), "selector.key")
	if err := os.WriteFile(short, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, words := range map[string]string{short: "has 6 bytes, must have at least 32", short + "s": "no such file"} {
		refused := options(t.TempDir())
		refused.Storage.SelectorKeyFile = file
		if _, err := refused.Storage.Open(t.Context()); err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), "--encryption-selector-key-file") {
			t.Errorf("got %v, want an error with %q", err, words)
		}
	}
}
