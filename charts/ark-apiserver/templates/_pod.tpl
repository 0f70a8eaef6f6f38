{{/* The pod, the same in a Deployment and in a StatefulSet. */}}
{{- define "ark-apiserver.pod" -}}
metadata:
  labels:
    {{- include "ark-apiserver.podLabels" . | nindent 4 }}
  annotations:
    kubectl.kubernetes.io/default-container: ark-apiserver
    {{- if .Values.ark.apiserver.audit.enabled }}
    checksum/audit-policy: {{ toYaml .Values.ark.apiserver.audit.rules | sha256sum }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "ark-apiserver.serviceAccountName" . }}
  automountServiceAccountToken: {{ .Values.automountServiceAccountToken | default false }} # the server's own is in _volumes.tpl
  {{- include "ark-apiserver.podSettings" . | nindent 2 }}
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- if .Values.hostNetwork }}
  hostNetwork: true
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range . }}
    {{- if not (hasKey . "labelSelector") }}
    {{- $selector := dict "labelSelector" (dict "matchLabels" (include "ark-apiserver.selectorLabels" $ | fromYaml)) }}
    - {{- toYaml (merge dict . $selector) | nindent 6 }}
    {{- else }}
    - {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- end }}
  {{- end }}
  {{- $movesIn := and (eq .Values.ark.storage.driver "sqlite") (include "ark-apiserver.movesIn" .) }}
  {{- if or .Values.initContainers $movesIn }}
  initContainers:
    {{- with .Values.initContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if $movesIn }}
    {{- include "ark-apiserver.moverContainer" . | nindent 4 }}
    {{- end }}
  {{- end }}
  containers:
    - name: ark-apiserver
      {{- include "ark-apiserver.databaseContainerSettings" . | nindent 6 }}
      args:
        - aggregated
        {{- include "ark-apiserver.args" . | trim | nindent 8 }}
        {{- with .Values.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: https
          containerPort: {{ .Values.ark.apiserver.securePort }}
          protocol: TCP
      {{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" }}
      {{- with get $.Values $probe }}
      {{ $probe }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      volumeMounts:
        {{- include "ark-apiserver.volumeMounts" . | nindent 8 }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "ark-apiserver.volumes" . | nindent 4 }}
    {{- if $movesIn }}
    {{- include "ark-apiserver.apiServicesVolume" . | nindent 4 }}
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
