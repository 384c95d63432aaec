#!/bin/sh
# Chromium in the control group whose list of processes is the file $URNA_GROUP, with all that it starts.
echo $$ >"$URNA_GROUP" && exec /usr/bin/chromium "$@"
