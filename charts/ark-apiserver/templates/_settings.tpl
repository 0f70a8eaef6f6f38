{{/* What the operator says of all pods: those of the server, of the migration, of helm test. */}}

{{/* Not the chart's version: a pod that does not change otherwise is left alone. */}}
{{- define "ark-apiserver.podLabels" -}}
{{ include "ark-apiserver.selectorLabels" . }}
app.kubernetes.io/part-of: ark
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- with .Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.podSettings" -}}
enableServiceLinks: false
{{- range $field, $value := dict
    "imagePullSecrets" .Values.imagePullSecrets
    "securityContext" .Values.podSecurityContext
    "priorityClassName" .Values.priorityClassName
    "runtimeClassName" .Values.runtimeClassName
    "schedulerName" .Values.schedulerName
    "hostAliases" .Values.hostAliases
    "dnsPolicy" (.Values.dnsPolicy | default (.Values.hostNetwork | ternary "ClusterFirstWithHostNet" ""))
    "dnsConfig" .Values.dnsConfig
    "nodeSelector" .Values.nodeSelector
    "tolerations" .Values.tolerations }}
{{- with $value }}
{{ dict $field . | toYaml }}
{{- end }}
{{- end }}
{{- if kindIs "bool" .Values.hostUsers }}
hostUsers: {{ .Values.hostUsers }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.containerSettings" -}}
image: {{ include "ark-apiserver.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* For containers that use the database. */}}
{{- define "ark-apiserver.databaseContainerSettings" -}}
{{ include "ark-apiserver.containerSettings" . }}
{{- range $field, $value := dict "env" .Values.extraEnv "envFrom" .Values.extraEnvFrom "resources" .Values.resources }}
{{- with $value }}
{{ dict $field . | toYaml }}
{{- end }}
{{- end }}
{{- end }}
