{{/* Names and labels. */}}

{{- define "ark-apiserver.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "ark-apiserver.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "ark-apiserver.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "ark-apiserver.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "ark-apiserver.selectorLabels" -}}
app.kubernetes.io/name: {{ include "ark-apiserver.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: apiserver
{{- end }}

{{- define "ark-apiserver.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "ark-apiserver.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: ark
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "ark-apiserver.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The server's service account, as a subject of role bindings. */}}
{{- define "ark-apiserver.subject" -}}
- kind: ServiceAccount
  name: {{ include "ark-apiserver.serviceAccountName" . }}
  namespace: {{ include "ark-apiserver.namespace" . }}
{{- end }}

{{- define "ark-apiserver.image" -}}
{{- /* With --reuse-values there is no global in the values of a release from before. */}}
{{- with (.Values.global).imageRegistry | default .Values.image.registry }}{{ . }}/{{ end }}
{{- .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The host by which kube-apiserver verifies the certificate. */}}
{{- define "ark-apiserver.host" -}}
{{ include "ark-apiserver.fullname" . }}.{{ include "ark-apiserver.namespace" . }}.svc
{{- end }}

{{- define "ark-apiserver.claim" -}}
{{- default (printf "%s-data" (include "ark-apiserver.fullname" .)) .Values.ark.storage.sqlite.volume.existingClaim }}
{{- end }}

{{/* Not empty if there can be more than one pod. */}}
{{- define "ark-apiserver.severalReplicas" -}}
{{- if .Values.autoscaling.enabled }}{{ if gt (int .Values.autoscaling.maxReplicas) 1 }}true{{ end }}
{{- else if gt (int .Values.ark.apiserver.replicas) 1 }}true{{ end }}
{{- end }}
