package registry

import (
	"encoding/json"
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// TestDefaults compares what a create leaves of a spec with what the contract says.
func TestDefaults(t *testing.T) {
	for _, tt := range []struct {
		about, kind, annotations, spec, want string
	}{
		{"agent without model", "Agent", "", `{}`, `{modelRef: {name: default}}`},
		{"agent with model", "Agent", "", `{modelRef: {name: m}}`, `{modelRef: {name: m}}`},
		{"agent of an A2A server", "Agent", "ark.ai/a2a-server-name: s", `{}`, `{}`},
		{"agent of an A2A server without name", "Agent", `ark.ai/a2a-server-name: ""`, `{}`, `{}`},
		{"agent with an empty prompt", "Agent", "", `{modelRef: {name: m}, prompt: ""}`, `{modelRef: {name: m}, prompt: ""}`},
		{"agent in a pod", "Agent", "", `{modelRef: {name: m}, a2aPod: {}, tools: [{type: mcp, name: t, approval: {}}]}`,
			`{modelRef: {name: m}, a2aPod: {port: 8080, agentCardPath: /.well-known/agent-card.json}, tools: [{type: mcp, name: t, approval: {onTimeout: reject}}]}`},
		{"model", "Model", "", `{model: {value: m}, provider: bedrock, config: {bedrock: {}}}`,
			`{model: {value: m}, provider: bedrock, config: {bedrock: {}}, type: completions, pollInterval: 1m}`},
		{"old model", "Model", "", `{model: {value: m}, type: bedrock, config: {bedrock: {}}}`,
			`{model: {value: m}, provider: bedrock, config: {bedrock: {}}, type: completions, pollInterval: 1m}`},
		{"old model of Anthropic", "Model", "", `{model: {value: m}, type: anthropic, config: {anthropic: {baseUrl: {value: u}, apiKey: {value: k}}}}`,
			`{model: {value: m}, provider: anthropic, config: {anthropic: {baseUrl: {value: u}, apiKey: {value: k}}}, type: completions, pollInterval: 1m}`},
		{"model with both", "Model", "", `{model: {value: m}, type: azure, provider: bedrock, config: {bedrock: {}}}`,
			`{model: {value: m}, type: azure, provider: bedrock, config: {bedrock: {}}, pollInterval: 1m}`},
		{"tool", "Tool", "", `{type: http, http: {url: "http://e.org"}, annotations: {}}`, `{type: http, http: {url: "http://e.org", method: GET}, annotations: {}}`},
		{"team", "Team", "", `{members: [], strategy: sequential}`, `{members: [], strategy: sequential, loops: false}`},
		{"query", "Query", "", `{input: i, selector: {}}`, `{input: i, selector: {}, type: user, timeout: 5m}`},
		{"query with values", "Query", "", `{input: i, type: messages, ttl: 1h, timeout: 60s}`, `{input: i, type: messages, ttl: 1h, timeout: 60s}`},
		{"memory", "Memory", "", `{address: {}}`, `{address: {}}`},
		{"mcp server", "MCPServer", "", `{address: {value: u}, authorization: {tokenSecretRef: {name: s}}}`,
			`{address: {value: u}, timeout: 30s, transport: http, pollInterval: 1m, authorization: {tokenSecretRef: {name: s, accessTokenKey: access_token, refreshTokenKey: refresh_token,
			  expiresAtKey: expires_at, clientIDKey: client_id, clientSecretKey: client_secret}}}`},
		{"evaluation", "Evaluation", "", `{config: {items: [{type: direct, config: {}, evaluator: {name: e}}]}}`,
			`{type: direct, timeout: 5m, config: {concurrency: 10, continueOnFailure: false, items: [{type: direct, config: {}, evaluator: {name: e}}]}}`},
		{"evaluator", "Evaluator", "", `{address: {value: u}, selector: {resourceType: Query}}`, `{address: {value: u}, selector: {resourceType: Query, apiGroup: ark.ai}}`},
		{"execution engine", "ExecutionEngine", "", `{type: t, address: {value: u}}`, `{type: t, address: {value: u}}`},
		{"a2a server", "A2AServer", "", `{address: {value: u}}`, `{address: {value: u}, pollInterval: 1m, timeout: 5m, endpointResolution: address}`},
		{"a2a task", "A2ATask", "", `{queryRef: {name: q}, agentRef: {}, taskId: t}`,
			`{queryRef: {name: q}, agentRef: {}, taskId: t, priority: 0, timeout: 12h, ttl: 720h, pollInterval: 5s}`},
	} {
		t.Run(tt.about, func(t *testing.T) {
			s := testStrategy(t, tt.kind)
			text := "apiVersion: ark.ai/v1alpha1\nkind: " + tt.kind + "\nmetadata: {name: it, annotations: {" + tt.annotations + "}}\nspec: " + tt.spec
			obj := decode(t, s.Scheme, text)
			s.PrepareForCreate(t.Context(), obj)
			got, err := json.Marshal(part(obj, "Spec").Interface())
			if err != nil {
				t.Fatal(err)
			}
			if want := canonical(t, tt.want); canonical(t, string(got)) != want {
				t.Errorf("\n got  %s\n want %s", got, want)
			}
		})
	}
}

// canonical returns JSON with sorted keys.
func canonical(t *testing.T, text string) string {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMigrationAnnotations(t *testing.T) {
	for _, tt := range []struct{ kind, spec, annotation string }{
		{"Agent", `{tools: [{type: custom, name: t}]}`, v1alpha1.AnnotationToolTypeCustom},
		{"Model", `{type: openai}`, v1alpha1.AnnotationProvider},
	} {
		s := testStrategy(t, tt.kind)
		obj := decode(t, s.Scheme, manifest(tt.kind, "it", "spec: "+tt.spec))
		s.PrepareForCreate(t.Context(), obj)
		metadata, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
		if err != nil {
			t.Fatal(err)
		}
		annotations, _ := metadata["metadata"].(map[string]interface{})["annotations"].(map[string]interface{})
		if annotations[tt.annotation] == nil {
			t.Errorf("%s has annotations %v", tt.kind, annotations)
		}
	}
}

// Reads apply no migration: what is stored comes back, whatever rules have come since.
func TestReadsDoNotMigrate(t *testing.T) {
	codec := serializer.NewCodecFactory(testScheme(t)).LegacyCodec(v1alpha1.SchemeGroupVersion)
	obj, err := runtime.Decode(codec, []byte(`{"apiVersion":"ark.ai/v1alpha1","kind":"Agent","metadata":{"name":"a"},"spec":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	if agent := obj.(*v1alpha1.Agent); agent.Spec.ModelRef != nil {
		t.Errorf("reading set the model to %v", agent.Spec.ModelRef)
	}
}

// Clients expect some zero values to be there. Nobody does of kinds whose status is free JSON.
func TestAlwaysEmitted(t *testing.T) {
	codec := serializer.NewCodecFactory(testScheme(t)).LegacyCodec(GroupVersions()...)
	for _, r := range resources {
		if part(r.newObject(), "Status").Kind() == reflect.Pointer {
			continue
		}
		var emitted map[string]json.RawMessage
		if err := json.Unmarshal(encode(t, codec, r.newObject()), &emitted); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"Query": `{"tokenUsage":{}}`, "Evaluation": `{"passed":false}`}[r.kind]
		if want == "" {
			want = `{}`
		}
		if got := string(emitted["status"]); got != want {
			t.Errorf("%s: an empty status is %s, want %s", r.kind, got, want)
		}
	}
}
