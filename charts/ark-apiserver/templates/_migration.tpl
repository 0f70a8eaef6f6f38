{{/*
The pod that migrates the database. Nothing of the release exists before it is installed: the pod has no service account of the
chart's, and by default no token, since it needs nothing of Kubernetes.
*/}}
{{- define "ark-apiserver.migrationPod" -}}
{{- $driver := .Values.ark.storage.driver }}
{{- $owner := index .Values.ark.storage $driver | deepCopy }}
{{- range $name, $value := $owner.migration }}
{{- $_ := set $owner $name $value }}
{{- end }}
metadata:
  labels:
    {{- include "ark-apiserver.migrationLabels" (include "ark-apiserver.podLabels" .) | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if not .Values.serviceAccount.create }}
  serviceAccountName: {{ include "ark-apiserver.serviceAccountName" . }}
  {{- end }}
  automountServiceAccountToken: {{ .Values.automountServiceAccountToken | default false }}
  {{- /* The log of each attempt stays, for as long as the Job does. */}}
  restartPolicy: Never
  {{- include "ark-apiserver.podSettings" . | nindent 2 }}
  {{- /* Nodes, not neighbours. */}}
  {{- with .Values.affinity.nodeAffinity }}
  affinity:
    nodeAffinity:
      {{- toYaml . | nindent 6 }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: migrate
      {{- include "ark-apiserver.databaseContainerSettings" . | nindent 6 }}
      args:
        - migrate
        - --storage-driver={{ $driver }}
        {{- include (printf "ark-apiserver.%sArgs" $driver) $owner | trim | nindent 8 }}
      volumeMounts:
        {{- include "ark-apiserver.databaseMount" (list $driver $owner) | trim | nindent 8 }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    {{- include "ark-apiserver.databaseVolume" (list $driver $owner) | trim | nindent 4 }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Labels, but not those that the Service selects. */}}
{{- define "ark-apiserver.migrationLabels" -}}
{{ merge (dict "app.kubernetes.io/component" "migration") (fromYaml .) | toYaml }}
{{- end }}
