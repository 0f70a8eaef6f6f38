{{/*
Makes kube-apiserver pass requests for group ark.ai on to the server. The annotations are those by which Helm knows its own: what
ark-apiserver migrate from-crds has applied of this is Helm's to change and to delete.
*/}}
{{- define "ark-apiserver.apiServices" -}}
{{- $caBundle := "" }}
{{- if eq .Values.tls.source "secret" }}
{{- $caBundle = include "ark-apiserver.givenCABundle" . }}
{{- end }}
{{- range $version := (.Files.Get "files/group.yaml" | fromYaml).versions }}
{{- with $ }}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: {{ $version }}.ark.ai
  labels:
    {{- include "ark-apiserver.labels" . | nindent 4 }}
    # For clusters that have CustomResourceDefinitions of the group: or kube-apiserver would put its own APIService back.
    kube-aggregator.kubernetes.io/automanaged: "false"
  annotations:
    meta.helm.sh/release-name: {{ .Release.Name }}
    meta.helm.sh/release-namespace: {{ .Release.Namespace }}
    {{- if eq .Values.tls.source "certManager" }}
    cert-manager.io/inject-ca-from: {{ include "ark-apiserver.namespace" . }}/{{ include "ark-apiserver.fullname" . }}
    {{- end }}
    {{- with .Values.apiService.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  group: ark.ai
  version: {{ $version }}
  groupPriorityMinimum: {{ .Values.apiService.groupPriorityMinimum }}
  versionPriority: {{ .Values.apiService.versionPriority }}
  {{- with $caBundle }}
  caBundle: {{ . }}
  {{- end }}
  service:
    namespace: {{ include "ark-apiserver.namespace" . }}
    name: {{ include "ark-apiserver.fullname" . }}
    port: {{ .Values.service.port }}
{{- end }}
{{- end }}
{{- end }}
