{{/* The files that the flags in _args.tpl name. Secrets are readable to the pod's group only. */}}

{{- define "ark-apiserver.volumeMounts" -}}
{{- if ne .Values.tls.source "generated" }}
- name: tls
  mountPath: /etc/ark-apiserver/tls
  readOnly: true
{{- end }}
{{ include "ark-apiserver.storageMounts" . }}
{{- if .Values.ark.apiserver.audit.enabled }}
- name: audit
  mountPath: /etc/ark-apiserver/audit
  readOnly: true
{{- if .Values.ark.apiserver.audit.webhookSecret }}
- name: audit-webhook
  mountPath: /etc/ark-apiserver/audit-webhook
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.volumes" -}}
{{- if ne .Values.tls.source "generated" }}
- name: tls
  secret:
    secretName: {{ include "ark-apiserver.tlsSecret" . }}
    defaultMode: 0440
{{- end }}
{{ include "ark-apiserver.storageVolumes" . }}
{{- if .Values.ark.apiserver.audit.enabled }}
- name: audit
  configMap:
    name: {{ include "ark-apiserver.fullname" . }}-audit
{{- with .Values.ark.apiserver.audit.webhookSecret }}
- name: audit-webhook
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end }}
{{- end }}

{{/* What whoever stores as the server does has: access to Kubernetes, the database, keys. */}}
{{- define "ark-apiserver.storageMounts" -}}
- name: kube-api-access
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
# For what SQLite sorts, and Go's own.
- name: tmp
  mountPath: /tmp
{{- if eq .Values.ark.storage.driver "sqlite" }}
- name: data
  mountPath: {{ dir .Values.ark.storage.sqlite.path }}
{{- else }}
{{- include "ark-apiserver.databaseMount" (list .Values.ark.storage.driver (index .Values.ark.storage .Values.ark.storage.driver)) }}
{{- end }}
{{- if .Values.ark.storage.encryption.secret }}
- name: encryption
  mountPath: /etc/ark-apiserver/encryption
  readOnly: true
{{- end }}
{{- end }}

{{- define "ark-apiserver.storageVolumes" -}}
# What Kubernetes mounts by itself is the same, but with a token that kube-apiserver makes valid for a year.
- name: kube-api-access
  projected:
    sources:
      - serviceAccountToken: {path: token, expirationSeconds: 3600}
      - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
      - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
- name: tmp
  emptyDir: {}
{{- if eq .Values.ark.storage.driver "sqlite" }}
- name: data
  persistentVolumeClaim:
    claimName: {{ include "ark-apiserver.claim" . }}
{{- else }}
{{- include "ark-apiserver.databaseVolume" (list .Values.ark.storage.driver (index .Values.ark.storage .Values.ark.storage.driver)) }}
{{- end }}
{{- with .Values.ark.storage.encryption }}
{{- if .secret }}
- name: encryption
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
{{- end }}
{{- end }}
{{- end }}

{{/* Where files for the connection to a database are, given its driver and the driver's values. */}}
{{- define "ark-apiserver.databaseMount" -}}
{{- if include "ark-apiserver.databaseFiles" (index . 1) }}
- name: {{ index . 0 }}
  mountPath: /etc/ark-apiserver/{{ index . 0 }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "ark-apiserver.databaseVolume" -}}
{{- $name := index . 0 }}
{{- with include "ark-apiserver.databaseFiles" (index . 1) }}
- name: {{ $name }}
  projected:
    defaultMode: 0440
    sources:
      {{- trim . | nindent 6 }}
{{- end }}
{{- end }}

{{/* What the connection to PostgreSQL or MySQL takes of secrets and a ConfigMap, as sources of one volume. */}}
{{- define "ark-apiserver.databaseFiles" -}}
{{- with .dsnSecret }}
- secret:
    name: {{ . }}
    items: [{key: {{ $.dsnSecretKey }}, path: dsn}]
{{- end }}
{{- with .passwordSecret }}
- secret:
    name: {{ . }}
    items: [{key: {{ $.passwordSecretKey }}, path: password}]
{{- end }}
{{- with .caSecret }}
- secret:
    name: {{ . }}
    items: [{key: {{ $.caSecretKey }}, path: ca.crt}]
{{- end }}
{{- with .caConfigMap }}
- configMap:
    name: {{ . }}
    items: [{key: {{ $.caConfigMapKey }}, path: ca.crt}]
{{- end }}
{{- with .clientCertificateSecret }}
- secret:
    name: {{ . }}
    items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
{{- end }}
{{- end }}
