package chart_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestValuesThatMakeNoSenseAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ values, sentence string }{
		"no values": {
			`{}`,
			"at '/ark/storage/postgresql/host': value must be 'the host of a PostgreSQL server: set it, or keep everything in one SQLite file with ark.storage.driver=sqlite and ark.apiserver.replicas=1'",
		},
		"several replicas on SQLite": {
			`ark: {storage: {driver: sqlite}}`,
			"at '/ark/apiserver/replicas': value must be '1 with ark.storage.driver=sqlite, since a SQLite file belongs to one process: set ark.apiserver.replicas=1, or use postgresql or mysql'",
		},
		"autoscaling on SQLite": {
			sqlite + "\nautoscaling: {enabled: true}",
			"at '/autoscaling/enabled': value must be 'false with ark.storage.driver=sqlite",
		},
		"APIServices of somebody else while it moves in": {
			"apiService: {create: false}\nark: {storage: {postgresql: {host: db, sslMode: require}}, fromCustomResourceDefinitions: {enabled: true}}",
			"at '/apiService/create': value must be 'true with ark.fromCustomResourceDefinitions.enabled",
		},
		"no replica": {
			`ark: {apiserver: {replicas: 0}, storage: {postgresql: {host: db, sslMode: require}}}`,
			"at '/ark/apiserver/replicas': minimum: got 0, want 1",
		},
		"too few connections": {
			`ark: {storage: {postgresql: {host: db, sslMode: require, maxConnections: 3}}}`,
			"at '/ark/storage/postgresql/maxConnections': minimum: got 3, want 4",
		},
		"a history too short": {
			`ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, compactionWindow: 30s}}`,
			"at '/ark/storage/compactionWindow': value must be 'at least 1m'",
		},
		"a history too small": {
			`ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, compactionMaxBytes: 1Mi}}`,
			"at '/ark/storage/compactionMaxBytes': value must be '0, or at least 16Mi'",
		},
		"another database": {
			`ark: {storage: {driver: oracle}}`,
			"at '/ark/storage/driver': value must be one of 'postgresql', 'mysql', 'sqlite'",
		},
		"no host of MySQL": {
			`ark: {storage: {driver: mysql}}`,
			"at '/ark/storage/mysql/host': value must be 'the host of a MariaDB or MySQL server: set it, or keep everything in one SQLite file",
		},
		"no word on encryption to MySQL": {
			`ark: {storage: {driver: mysql, mysql: {host: db}}}`,
			"at '/ark/storage/mysql/tlsMode': value must be 'the encryption of the connection: set ark.storage.mysql.caSecret",
		},
		"an authority beside a connection string to MySQL": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, caSecret: ca}}}`,
			"at '/ark/storage/mysql/caSecret': value must be 'empty with ark.storage.mysql.dsnSecret",
		},
		"a host beside a connection string to MySQL": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, host: db}}}`,
			"at '/ark/storage/mysql/host': value must be 'empty with ark.storage.mysql.dsnSecret",
		},
		"a file at the root": {
			`ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, sqlite: {path: /ark.db}}}`,
			"at '/ark/storage/sqlite/path': '/ark.db' does not match pattern",
		},
		"host and connection string": {
			`ark: {storage: {postgresql: {host: db, dsnSecret: db}}}`,
			"at '/ark/storage/postgresql/host': value must be 'empty with ark.storage.postgresql.dsnSecret, whose connection string names the host'",
		},
		"no word on encryption": {
			`ark: {storage: {postgresql: {host: db}}}`,
			"at '/ark/storage/postgresql/sslMode': value must be 'the encryption of the connection: set ark.storage.postgresql.caSecret",
		},
		"password and connection string": {
			`ark: {storage: {postgresql: {passwordSecret: db, dsnSecret: db}}}`,
			"at '/ark/storage/postgresql/passwordSecret': value must be 'empty with ark.storage.postgresql.dsnSecret, whose connection string has the password'",
		},
		"TLS mode and connection string": {
			`ark: {storage: {postgresql: {sslMode: require, dsnSecret: db}}}`,
			"at '/ark/storage/postgresql/sslMode': value must be 'empty with",
		},
		"authorities in two places": {
			`ark: {storage: {postgresql: {host: db, caSecret: a, caConfigMap: b}}}`,
			"at '/ark/storage/postgresql/caConfigMap': value must be 'empty with ark.storage.postgresql.caSecret: the authorities are in one of both'",
		},
		"a migration by nobody": {
			`ark: {storage: {postgresql: {host: db, sslMode: require, migration: {enabled: true}}}}`,
			"at '/ark/storage/postgresql/migration/passwordSecret': value must be 'a secret with the password of the owner of the tables, unless",
		},
		"a migration of another database": {
			`ark: {storage: {postgresql: {dsnSecret: db, migration: {enabled: true, passwordSecret: owner}}}}`,
			"at '/ark/storage/postgresql/migration/dsnSecret': value must be 'a secret with the connection string of the owner of the tables, since that in ark.storage.postgresql.dsnSecret is for servers'",
		},
		"a migration by two": {
			`ark: {storage: {postgresql: {dsnSecret: db, migration: {enabled: true, passwordSecret: owner, dsnSecret: owner}}}}`,
			"at '/ark/storage/postgresql/migration/passwordSecret': value must be 'empty with ark.storage.postgresql.migration.dsnSecret, whose connection string has the password'",
		},
		"a migration of a file": {
			`ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, postgresql: {migration: {enabled: true}}}}`,
			"at '/ark/storage/postgresql/migration/enabled': value must be 'false unless ark.storage.driver=postgresql (a server brings a SQLite file up to date when it starts)'",
		},
		"a migration of a database that is not used": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db}, postgresql: {migration: {enabled: true, passwordSecret: owner}}}}`,
			"at '/ark/storage/postgresql/migration/enabled': value must be 'false unless ark.storage.driver=postgresql (",
		},
		"a migration of MySQL where it is not used": {
			`ark: {storage: {postgresql: {dsnSecret: db}, mysql: {migration: {enabled: true, passwordSecret: owner}}}}`,
			"at '/ark/storage/mysql/migration/enabled': value must be 'false unless ark.storage.driver=mysql (",
		},
		"a migration of MySQL by nobody": {
			`ark: {storage: {driver: mysql, mysql: {host: db, tlsMode: required, migration: {enabled: true}}}}`,
			"at '/ark/storage/mysql/migration/passwordSecret': value must be 'a secret with the password of the owner of the tables, unless",
		},
		"a migration of another database of MySQL": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, migration: {enabled: true, passwordSecret: owner}}}}`,
			"at '/ark/storage/mysql/migration/dsnSecret': value must be 'a secret with the connection string of the owner of the tables, since that in ark.storage.mysql.dsnSecret is for servers'",
		},
		"a migration of MySQL by two": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, migration: {enabled: true, passwordSecret: owner, dsnSecret: owner}}}}`,
			"at '/ark/storage/mysql/migration/passwordSecret': value must be 'empty with ark.storage.mysql.migration.dsnSecret, whose connection string has the password'",
		},
		"a certificate beside a connection string to MySQL": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, clientCertificateSecret: pair}}}`,
			"at '/ark/storage/mysql/clientCertificateSecret': value must be 'empty with ark.storage.mysql.dsnSecret, which can not name a file",
		},
		"a certificate beside the connection string of MySQL's owner": {
			`ark: {storage: {driver: mysql, mysql: {dsnSecret: db, migration: {enabled: true, dsnSecret: owner, clientCertificateSecret: pair}}}}`,
			"at '/ark/storage/mysql/migration/clientCertificateSecret': value must be 'empty with ark.storage.mysql.migration.dsnSecret, which can not name a file",
		},
		"a certificate of nobody": {
			postgresql + "\ntls: {source: secret}",
			"at '/tls/secret/name': value must be 'the name of a secret with tls.crt and tls.key, since tls.source is secret'",
		},
		"half a digest": {
			postgresql + "\nimage: {digest: sha256:abc}",
			"at '/image/digest': 'sha256:abc' does not match pattern",
		},
		"a word that the chart does not know": {
			postgresql + "\nreplicaCount: 3",
			"additional properties 'replicaCount' not allowed",
		},
		"a wrong word deep inside": {
			`ark: {storage: {postgres: {host: db}, postgresql: {host: db}}}`,
			"at '/ark/storage': additional properties 'postgres' not allowed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mistakes(t, test.values); !strings.Contains(got, test.sentence) {
				t.Errorf("the schema says\n%s\nand not\n%s", got, test.sentence)
			}
		})
	}
}

func TestCertificateOfTheOperatorHasToBeThere(t *testing.T) {
	t.Parallel()
	const sentence = `There is no secret "mine" with ca.crt in namespace ark-system: create it first, or give its authority as tls.secret.caBundle.`
	if got := refusal(t, postgresql, `tls: {source: secret, secret: {name: mine}}`); !strings.Contains(got, sentence) {
		t.Errorf("helm says\n%s\nand not\n%s", got, sentence)
	}
}

func TestDisabledRendersNothing(t *testing.T) {
	t.Parallel()
	everything := `
autoscaling: {enabled: true}
networkPolicy: {enabled: true}
metrics: {serviceMonitor: {enabled: true}, prometheusRule: {enabled: true}, dashboard: {enabled: true}, readers: [{namespace: a, name: b}]}
tls: {source: certManager}
extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: more}}]
`
	for _, object := range render(t, everything, `ark: {apiserver: {enabled: false, audit: {enabled: true}}, storage: {driver: sqlite}}`) {
		t.Errorf("%s %s is rendered", object.GetObjectKind().GroupVersionKind().Kind, object.GetName())
	}
}

// The schema refuses what it does not know: so it has to know every value, and nothing that the
// values do not document.
func TestSchemaHasTheValues(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(chart, "values.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	compareWithSchema(t, "", readValues(t), schema)
}

func compareWithSchema(t *testing.T, path string, values, schema map[string]any) {
	t.Helper()
	properties, closed := schema["properties"].(map[string]any)
	if !closed {
		return
	}
	// All charts of a release share what is global.
	if schema["additionalProperties"] != false && path != ".global" {
		t.Errorf("the schema lets pass anything in %s", path)
	}
	got, want := slices.Sorted(maps.Keys(properties)), slices.Sorted(maps.Keys(values))
	if path == ".tls.certManager.issuerRef" {
		// Empty by default.
		want = got
	}
	if !slices.Equal(got, want) {
		t.Errorf("the schema has %q in %q, values.yaml %q", got, path, want)
	}
	for name, property := range properties {
		if nested, ok := values[name].(map[string]any); ok {
			compareWithSchema(t, path+"."+name, nested, property.(map[string]any))
		}
	}
}
