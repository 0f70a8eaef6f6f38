{{/* Flags of the server. */}}
{{- define "ark-apiserver.args" -}}
{{- $apiserver := .Values.ark.apiserver }}
{{- $storage := .Values.ark.storage }}
{{- $sqlite := eq $storage.driver "sqlite" }}
{{- $drain := $sqlite | ternary "0s" "10s" }}
- --secure-port={{ $apiserver.securePort }}
{{- if eq .Values.tls.source "generated" }}
- --serving-certificate-secret={{ include "ark-apiserver.namespace" . }}/{{ include "ark-apiserver.tlsSecret" . }}
- --serving-certificate-service={{ include "ark-apiserver.fullname" . }}
{{- else }}
- --tls-cert-file=/etc/ark-apiserver/tls/tls.crt
- --tls-private-key-file=/etc/ark-apiserver/tls/tls.key
{{- end }}
{{ include "ark-apiserver.databaseArgs" . }}
{{- if not $sqlite }}
- --{{ $storage.driver }}-max-connections={{ (index $storage $storage.driver).maxConnections }}
{{- end }}
- --compaction-window={{ $storage.compactionWindow }}
- --compaction-max-bytes={{ $storage.compactionMaxBytes }}
{{- with include "ark-apiserver.encryptionArgs" . }}
{{ . }}
- --encryption-provider-config-automatic-reload={{ $storage.encryption.automaticReload }}
{{- end }}
{{- if not $apiserver.watchCache.enabled }}
- --watch-cache=false
{{- end }}
{{- $sizes := list }}
{{- range $resource, $size := $apiserver.watchCache.sizes }}
{{- $sizes = append $sizes (printf "%s#%d" $resource (int $size)) }}
{{- end }}
{{- with $sizes }}
- --watch-cache-sizes={{ join "," . }}
{{- end }}
- --shutdown-delay-duration={{ default $drain $apiserver.shutdownDelayDuration }}
- --shutdown-watch-termination-grace-period={{ default $drain $apiserver.shutdownWatchTerminationGracePeriod }}
{{- if $apiserver.audit.enabled }}
- --audit-policy-file=/etc/ark-apiserver/audit/policy.yaml
{{- with $apiserver.audit.logPath }}
- --audit-log-path={{ . }}
{{- end }}
{{- if $apiserver.audit.webhookSecret }}
- --audit-webhook-config-file=/etc/ark-apiserver/audit-webhook/kubeconfig
{{- end }}
{{- end }}
{{- $gates := list }}
{{- range $gate, $on := $apiserver.featureGates }}
{{- $gates = append $gates (printf "%s=%t" $gate $on) }}
{{- end }}
{{- with $gates }}
- --feature-gates={{ join "," . }}
{{- end }}
- --logging-format={{ $apiserver.logging.format }}
- --v={{ $apiserver.logging.verbosity }}
{{- end }}

{{/* Flags that say which database is the servers', and who they are to it. */}}
{{- define "ark-apiserver.databaseArgs" -}}
{{- $storage := .Values.ark.storage -}}
- --storage-driver={{ $storage.driver }}
{{ if eq $storage.driver "sqlite" -}}
- --sqlite-path={{ $storage.sqlite.path }}
{{- else -}}
{{ include (printf "ark-apiserver.%sArgs" $storage.driver) (index $storage $storage.driver) }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.encryptionArgs" -}}
{{- with .Values.ark.storage.encryption }}
{{- if .secret -}}
- --encryption-provider-config=/etc/ark-apiserver/encryption/{{ .secretKey }}
{{- with .selectorKey }}
- --encryption-selector-key-file=/etc/ark-apiserver/encryption/{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Flags that say where a database is, and who connects, given its values. */}}
{{- define "ark-apiserver.postgresqlArgs" -}}
{{- if .dsnSecret -}}
- --postgresql-dsn-file=/etc/ark-apiserver/postgresql/dsn
{{- else -}}
- --postgresql-host={{ .host }}
- --postgresql-port={{ .port }}
- --postgresql-database={{ .database }}
- --postgresql-username={{ .username }}
- --postgresql-sslmode={{ .sslMode | default "verify-full" }}
{{- if .passwordSecret }}
- --postgresql-password-file=/etc/ark-apiserver/postgresql/password
{{- end }}
{{- if or .caSecret .caConfigMap }}
- --postgresql-sslrootcert=/etc/ark-apiserver/postgresql/ca.crt
{{- end }}
{{- if .clientCertificateSecret }}
- --postgresql-sslcert=/etc/ark-apiserver/postgresql/tls.crt
- --postgresql-sslkey=/etc/ark-apiserver/postgresql/tls.key
{{- end }}
{{- end }}
{{- with .schema }}
- --postgresql-schema={{ . }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.mysqlArgs" -}}
{{- if .dsnSecret -}}
- --mysql-dsn-file=/etc/ark-apiserver/mysql/dsn
{{- else -}}
- --mysql-host={{ .host }}
- --mysql-port={{ .port }}
- --mysql-database={{ .database }}
- --mysql-username={{ .username }}
- --mysql-tls-mode={{ .tlsMode | default "verify-identity" }}
{{- if .passwordSecret }}
- --mysql-password-file=/etc/ark-apiserver/mysql/password
{{- end }}
{{- if .caSecret }}
- --mysql-tls-ca=/etc/ark-apiserver/mysql/ca.crt
{{- end }}
{{- if .clientCertificateSecret }}
- --mysql-tls-cert=/etc/ark-apiserver/mysql/tls.crt
- --mysql-tls-key=/etc/ark-apiserver/mysql/tls.key
{{- end }}
{{- end }}
{{- end }}
