#!/bin/sh
# Miniflare starts this instead of workerd, so that the hub knows the process to look for after a crash.
echo $$ >"$HUB_WORKERD_PID"
exec "$HUB_WORKERD" "$@"
