package controllers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"

	. "github.com/onsi/ginkgo/v2"
)

// remote is a server that others run: of the Agent2Agent protocol, and of the Model Context
// Protocol.
type remote struct {
	url string

	mu sync.Mutex
	// agent is the name on the card. tools are descriptions by name.
	agent string
	tools map[string]string
	down  bool
	// polls are how often somebody wanted the card or the tools.
	polls int
}

func newRemote() *remote {
	r := &remote{agent: "owl", tools: map[string]string{"search": "Looks for something.", "fetch": "Reads a page."}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/agent-card.json", r.card)
	mux.HandleFunc("POST /mcp", r.mcp)
	server := httptest.NewServer(mux)
	DeferCleanup(server.Close)
	r.url = server.URL
	return r
}

// change changes what the server has.
func (r *remote) change(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

func (r *remote) polled() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.polls
}

func (r *remote) card(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.polls++
	if r.down {
		http.Error(w, "not today", http.StatusServiceUnavailable)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"name": r.agent, "description": "Knows everything.", "version": "1"})
}

func (r *remote) mcp(w http.ResponseWriter, request *http.Request) {
	var call struct{ Method string }
	if err := json.NewDecoder(request.Body).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down {
		http.Error(w, "not today", http.StatusServiceUnavailable)
		return
	}
	result := map[string]any{"protocolVersion": "2025-06-18", "capabilities": map[string]any{}, "serverInfo": map[string]any{"name": "remote", "version": "1"}}
	if call.Method == "tools/list" {
		r.polls++
		tools := []any{}
		for name, description := range r.tools {
			schema := map[string]any{"type": "object", "properties": map[string]any{"what": map[string]any{"type": "string"}}}
			tools = append(tools, map[string]any{"name": name, "description": description, "inputSchema": schema})
		}
		result = map[string]any{"tools": tools}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": 1, "result": result})
}
