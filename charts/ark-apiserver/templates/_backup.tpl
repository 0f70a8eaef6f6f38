{{/* The pod that backs the database up. It has no token, since it needs nothing of Kubernetes. */}}
{{- define "ark-apiserver.backupPod" -}}
{{- $storage := .Values.ark.storage }}
{{- $sqlite := eq $storage.driver "sqlite" }}
metadata:
  labels:
    {{- include "ark-apiserver.backupLabels" (include "ark-apiserver.podLabels" .) | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "ark-apiserver.serviceAccountName" . }}
  automountServiceAccountToken: false
  {{- /* The log of each attempt stays, for as long as the Job does. */}}
  restartPolicy: Never
  {{- include "ark-apiserver.podSettings" . | nindent 2 }}
  {{- if or $sqlite .Values.affinity.nodeAffinity }}
  affinity:
    {{- with .Values.affinity.nodeAffinity }}
    nodeAffinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $sqlite }}
    {{- /* The file is read beside the server, on its node. */}}
    podAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "ark-apiserver.selectorLabels" . | nindent 14 }}
    {{- end }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: backup
      {{- include "ark-apiserver.databaseContainerSettings" . | nindent 6 }}
      args:
        - backup
        - /backups
        - --keep={{ .Values.ark.backup.keep }}
        - --storage-driver={{ $storage.driver }}
        {{- if $sqlite }}
        - --sqlite-path={{ $storage.sqlite.path }}
        {{- else }}
        {{- include (printf "ark-apiserver.%sArgs" $storage.driver) (index $storage $storage.driver) | trim | nindent 8 }}
        {{- end }}
      volumeMounts:
        - name: backups
          mountPath: /backups
        {{- if $sqlite }}
        - name: data
          mountPath: {{ dir $storage.sqlite.path }}
        {{- else }}
        {{- include "ark-apiserver.databaseMount" (list $storage.driver (index $storage $storage.driver)) | trim | nindent 8 }}
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: backups
      persistentVolumeClaim:
        claimName: {{ include "ark-apiserver.backupClaim" . }}
    {{- if $sqlite }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ include "ark-apiserver.claim" . }}
    {{- else }}
    {{- include "ark-apiserver.databaseVolume" (list $storage.driver (index $storage $storage.driver)) | trim | nindent 4 }}
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Labels, but not those that the Service selects. */}}
{{- define "ark-apiserver.backupLabels" -}}
{{ merge (dict "app.kubernetes.io/component" "backup") (fromYaml .) | toYaml }}
{{- end }}

{{- define "ark-apiserver.backupName" -}}
{{ include "ark-apiserver.fullname" . | trunc 45 | trimSuffix "-" }}-backup
{{- end }}

{{- define "ark-apiserver.backupClaim" -}}
{{- default (printf "%s-backups" (include "ark-apiserver.fullname" .)) .Values.ark.backup.volume.existingClaim }}
{{- end }}

{{/* Not empty if there are backups. With --reuse-values there is no word of them in the values of a release from before. */}}
{{- define "ark-apiserver.backsUp" -}}
{{- if and .Values.ark.apiserver.enabled (dig "backup" "enabled" false .Values.ark) }}true{{ end }}
{{- end }}
