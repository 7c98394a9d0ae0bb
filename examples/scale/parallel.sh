#!/bin/bash
# Shards by GNU parallel, on the hosts of a file (one a line, ":" is this machine), where this folder is the same for all:
#
#   examples/scale/parallel.sh hosts 8
#
# A shard whose process was killed is started again, up to three times, and goes on where it was.
set -eu
hosts=$1 shards=$2
parallel --sshloginfile "$hosts" --workdir . --retries 3 \
  npx theorycheck shard --index {} --of "$shards" --models "${MODELS:-160}" --out shards/{} ${OPTIONS:-} \
  ::: $(seq 0 $((shards - 1)))
npx theorycheck merge shards/* ${MERGE_OPTIONS:-}
